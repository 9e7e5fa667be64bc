import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { findChromium, openBrowser } from '../helpers/browser.ts';
import { openGatewayRig, TEST_KEY, type GatewayRig } from '../helpers/gateway-rig.ts';
import { connectStream, readSse, type StreamedEvent } from '../helpers/stream-clients.ts';
import { runProgram } from '../../src/lib/run-program.ts';

const withKey = { 'x-api-key': TEST_KEY };
const ANSWER = '# Found\n\n- one\n- two\n\n```js\nconst x = 1;\n```\n\nThat is all.';
const examples = [...readFileSync('docs/streams.md', 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(
  ([, language, code = '']) => ({ language, code }),
);
const exampleWith = (words: string): string => examples.find(({ code }) => code.includes(words))?.code ?? '';

const textOf = (events: readonly StreamedEvent[]): string =>
  events.flatMap(({ type, data }) => (type === 'agent.said' ? String(data['text']) : [])).join('');

describe('streams of the real CLI', () => {
  let rig: GatewayRig;

  beforeAll(async () => {
    rig = await openGatewayRig({
      script: (prompt) => {
        if (!prompt.startsWith('look')) return ANSWER;
        const tools = ['echo hi', 'ls /nowhere'].map((command) => ({
          tool: 'Bash',
          input: { command, description: 'looks' },
        }));
        return { tools, answer: ANSWER };
      },
      env: { CLAUDE_EXTRA_ARGS: '--allowedTools Bash' },
    });
  });
  afterAll(() => rig.close());

  const submit = async (command: string): Promise<string> =>
    (await rig.call('POST', '/execute', { json: { workspace: 'website', command } })).body['requestId'] as string;

  test('tell the tools, the text and the end of a turn, in order', async () => {
    const id = await submit('look around');
    const reader = await readSse(`${rig.baseUrl}/status/${id}/events`, withKey);
    await reader.ended;
    const { events } = reader;
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
    const tools = events.filter(({ type }) => type.startsWith('tool.'));
    const words = tools.map(({ type, data }) => `${type} ${String(data['summary'] ?? data['ok'])}`);
    expect(new Set(words)).toEqual(
      new Set(['tool.started echo hi', 'tool.started ls /nowhere', 'tool.ended true', 'tool.ended false']),
    );
    expect(tools).toHaveLength(4);
    expect(tools.every(({ type, data }) => type === 'tool.started' || Number(data['ms']) >= 0)).toBe(true);
    expect(textOf(events)).toBe(ANSWER);
    expect(events.at(-1)).toMatchObject({ type: 'request.completed', data: { bytes: ANSWER.length } });
    expect(events).toEqual((await rig.events()).filter(({ requestId }) => requestId === id));
  });

  test('tell a WebSocket of its workspace what server-sent events tell of the request', async () => {
    const stream = await connectStream(`${rig.baseUrl}/stream?workspace=website`, withKey);
    const id = await submit('just say it');
    const reader = await readSse(`${rig.baseUrl}/status/${id}/events`, withKey);
    await reader.ended;
    stream.cut();
    await stream.ended;
    expect(stream.events.filter(({ requestId }) => requestId === id)).toEqual(reader.events);
  });

  test.each([
    ['from the begin', 'curl -sN -H "X-API-Key: $KEY" "$URL', 'request.queued'],
    ['behind an event', 'Last-Event-ID', 'request.started'],
  ])('the example for a shell works: %s', async (_name, words, first) => {
    const id = await submit('for the shell');
    const { seq = 0 } = (await rig.events()).find(({ requestId }) => requestId === id) ?? {};
    const code = exampleWith(words).replace('Last-Event-ID: 3', `Last-Event-ID: ${seq}`);
    const env = { PATH: process.env['PATH'] ?? '', KEY: TEST_KEY, URL: rig.baseUrl, ID: id };
    const { stdout } = await runProgram('sh', ['-c', code], { env });
    expect(stdout).toContain(`event: ${first}`);
    expect(stdout).toContain('event: request.completed');
  });

  const chromium = findChromium();
  const inBrowser = chromium === null ? test.skip : test;

  inBrowser(
    `the examples for a browser work${chromium === null ? ' (skipped: there is no Chromium in PATH)' : ''}`,
    async () => {
      const browser = await openBrowser(chromium ?? '');
      try {
        const page = await browser.newPage();
        await page.goto(`${rig.baseUrl}/terminal`);
        const requestId = await submit('for the browser');
        for (const call of ['follow(base, key, { requestId }, show)', 'read(base, key, requestId, show)']) {
          const code = exampleWith(`async function ${call.split('(', 1)[0]}`);
          const seen = await page.evaluate<readonly StreamedEvent[]>(`(async () => {
          ${code}
          const [base, key, requestId, events] = ${JSON.stringify([rig.baseUrl, TEST_KEY, requestId, []])};
          const show = (event) => events.push(event);
          await ${call};
          return events;
        })()`);
          expect(seen).toEqual((await rig.events()).filter((event) => event.requestId === requestId));
        }
        const refused = page.evaluate(`(async () => {
          ${exampleWith('async function follow')}
          await follow(${JSON.stringify(rig.baseUrl)}, ${JSON.stringify(TEST_KEY)}, { requestId: 'req-nope' }, () => {});
        })()`);
        await expect(refused).rejects.toThrow('not_found');
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
