import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../helpers/faulty-proxy.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

const status = (code: number, type: string, message: string): Fault => ({
  kind: 'status',
  status: code,
  body: { type: 'error', error: { type, message } },
});

describe('a model that fails, with the real CLI', () => {
  let rig: FaultRig;
  /** What happens to calls with a prompt that begins so, and how often; for ever when not said. */
  const faults = new Map<string, { readonly fault: Fault; times: number }>();
  /** All calls, also those of a probe. */
  let everything: Fault | null = null;

  beforeAll(async () => {
    rig = await openFaultRig({
      env: { PAUSE_PROBE_MS: '1500' },
      script: (prompt) =>
        prompt.endsWith('fill the context') ? { answer: 'full', inputTokens: 190_000 } : `echo: ${prompt}`,
      fault(prompt) {
        if (everything !== null) return everything;
        for (const [start, planned] of faults) {
          if (prompt.startsWith(start) && planned.times > 0) {
            planned.times -= 1;
            return planned.fault;
          }
        }
        return null;
      },
    });
    // The CLI tries ten times by itself; three show the same.
    const folder = path.join(rig.root, 'data', 'agent-home', '.claude');
    await mkdir(folder, { recursive: true });
    const env = { CLAUDE_CODE_MAX_RETRIES: '3', CLAUDE_CODE_AUTO_COMPACT_WINDOW: '100000' };
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ env }));
    await rig.run('w', 'warm');
  });
  afterAll(() => rig.close());

  const plan = (start: string, fault: Fault, times = Infinity): void => void faults.set(start, { fault, times });
  const agentHealth = async () => (await rig.call('GET', '/health')).body;

  const again = { reason: 'agent_error', retryable: true };
  const never = { reason: 'model_refused', retryable: false };
  test.each([
    ['out of reach', { kind: 'refused' }, again],
    ['overloaded (529)', status(529, 'overloaded_error', 'Overloaded'), again],
    ['broken (500)', status(500, 'api_error', 'Internal server error'), again],
    ['refusing the request (400)', status(400, 'invalid_request_error', 'prompt: bad'), never],
  ] as const)('%s for good: the request fails, and the next one is well', async (name, fault, expected) => {
    plan(`ask ${name}`, fault);
    const end = await rig.run('w', `ask ${name}`);
    expect(end).toMatchObject({ state: 'failed', ...expected });
    expect(end.error).not.toBe('');
    await rig.expectIntact('w');
    expect(rig.model.count(`ask ${name}`)).toBe(0);
  });

  test.each([
    ['out of reach', { kind: 'refused' }],
    ['overloaded', status(529, 'overloaded_error', 'Overloaded')],
    ['answering what nobody understands', { kind: 'malformed' }],
    ['cut off in mid-stream', { kind: 'cut', said: 'Once upon' }],
  ] as const)('%s for a moment: the CLI rides it out', async (name, fault) => {
    plan(`ride ${name}`, fault, 1);
    expect(await rig.run('w', `ride ${name}`)).toMatchObject({
      state: 'completed',
      output: { text: `echo: ride ${name}` },
    });
    expect(rig.model.count(`ride ${name}`)).toBe(1);
    await rig.expectIntact('w');
  });

  test('an outage that is ridden out is noted as an event and ends nothing', async () => {
    plan('long', { kind: 'refused' }, 3);
    const id = await rig.submit('w', 'long outage');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    const notes = (await rig.events()).filter((event) => event.requestId === id && event.type === 'agent.retrying');
    expect(notes.length).toBeGreaterThan(0);
    expect(notes[0]?.data).toMatchObject({ attempt: expect.any(Number), of: 3 });
  });

  test('a full context is compacted in the middle of a turn, which keeps its thread', async () => {
    for (const prompt of ['one', 'two', 'three']) await rig.run('long', prompt);
    await rig.run('long', 'fill the context');
    expect(await rig.run('long', 'behind the compaction')).toMatchObject({ state: 'completed' });
    expect((await rig.call('GET', '/session/long/screen')).text).toContain('Conversation compacted');
    expect(rig.model.prompts.filter((prompt) => prompt.trimEnd().endsWith('behind the compaction'))).toHaveLength(1);
    await rig.expectIntact('long');
  });

  test('slow to begin, the request waits for it', async () => {
    const id = await rig.submitHeld('w', 'hold for a while');
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    expect(await rig.status(id)).toMatchObject({ state: 'running', phase: 'working' });
    (await rig.held('hold for a while')).resolve('at last');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'at last' } });
    await rig.expectIntact('w');
  });

  test.each([
    ['a usage limit (429)', 'usage_limited', status(429, 'rate_limit_error', 'You have hit your limit.')],
    ['an expired login (401)', 'auth_expired', status(401, 'authentication_error', 'invalid x-api-key')],
    ['an empty account', 'usage_limited', status(400, 'invalid_request_error', 'Your credit balance is too low')],
  ] as const)('%s pauses the queues until the account can be used again', async (name, reason, fault) => {
    const others = await rig.submitHeld('other', `hold beside ${reason} ${name}`);
    everything = fault;
    const hit = await rig.submit('w', `hit by ${name}`);
    const second = await rig.submit('w', `second ${name}`);
    expect(await rig.ended(hit)).toMatchObject({ state: 'failed', reason, retryable: true });
    const third = await rig.submit('v', `third ${name}`);
    for (const id of [second, third]) {
      expect(await rig.status(id)).toMatchObject({ state: 'queued', pause: { reason } });
    }
    const health = await agentHealth();
    expect(health).toMatchObject({ status: 'healthy', checks: { agent: { healthy: true, pause: { reason } } } });
    expect((await rig.status(others)).state).toBe('running');
    everything = null;
    for (const id of [second, third]) expect(await rig.ended(id)).toMatchObject({ state: 'completed' });
    for (const prompt of [`second ${name}`, `third ${name}`])
      expect(rig.model.prompts.filter((sent) => sent.trimEnd().endsWith(prompt))).toHaveLength(1);
    await until(async () => (await agentHealth()).checks.agent.pause === null);
    (await rig.held(`hold beside ${reason} ${name}`)).resolve('done');
    expect(await rig.ended(others)).toMatchObject({ state: 'completed' });
  });
});
