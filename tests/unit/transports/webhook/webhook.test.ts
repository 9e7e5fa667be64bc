import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { Webhook } from 'standardwebhooks';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import type { DueDelivery } from '../../../../src/core/ports/transport.ts';
import { createWebhookTransport, type WebhookOptions } from '../../../../src/transports/webhook/webhook.ts';
import { NOTHING } from '../../../helpers/deliver-whole.ts';
import { aDelivery } from '../../../helpers/fake-gateway/deliveries.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../../helpers/webhook-receiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

const create = (more: Partial<WebhookOptions> = {}) =>
  createWebhookTransport({
    secrets: [SECRET],
    allowPrivate: ['127.0.0.0/8'],
    retryMs: [5_000],
    timeoutMs: 15_000,
    pauseAfterMs: 259_200_000,
    now: Date.now,
    ...more,
  });

function due(to: string, more: Partial<DueDelivery> = {}): DueDelivery {
  return { ...aDelivery({ to }), ...NOTHING, ...more };
}

const answered = (text: string): RequestRecord =>
  ({ id: 'req-1', workspace: 'demo', state: 'completed', text, createdAt: 1, completedAt: 2 }) as RequestRecord;

const never = new AbortController().signal;

describe('a webhook', () => {
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    receiver = await openWebhookReceiver();
  });
  afterAll(() => receiver.close());

  const last = () => {
    const came = receiver.received.at(-1);
    if (came === undefined) throw new Error('nothing came');
    return came;
  };
  const headersOf = () => last().headers as Record<string, string>;

  test('is verified by the library of Standard Webhooks', async () => {
    await create().deliver(due(`webhook:${receiver.url}`), never);
    const told = new Webhook(SECRET).verify(last().body, headersOf());
    expect(told).toMatchObject({
      type: 'request.completed',
      timestamp: '1970-01-01T00:00:00.001Z',
      data: { bytes: 2 },
    });
    expect(() => new Webhook(OTHER).verify(last().body, headersOf())).toThrow();
  });

  test('is verified by openssl, as docs/webhooks.md says', async () => {
    await create().deliver(due(`webhook:${receiver.url}`), never);
    const { stdout } = spawnSync('sh', ['-c', OPENSSL], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        SECRET,
        ID: headersOf()['webhook-id'],
        TIMESTAMP: headersOf()['webhook-timestamp'],
        BODY: last().body,
      },
    });
    expect(stdout.trim()).toBe(headersOf()['webhook-signature']);
  });

  test('is signed with both secrets while they change over', async () => {
    await create().deliver(due(`webhook:${receiver.url}`, { secrets: [OTHER, SECRET] }), never);
    for (const secret of [OTHER, SECRET]) {
      expect(() => new Webhook(secret).verify(last().body, headersOf())).not.toThrow();
    }
    expect(headersOf()['webhook-signature']?.split(' ')).toHaveLength(2);
  });

  test('holds an answer of up to 256 kB, and a link to a longer one', async () => {
    for (const [length, inline] of [
      [250_000, true],
      [262_144, false],
    ] as const) {
      await create().deliver(due(`webhook:${receiver.url}`, { request: answered('x'.repeat(length)) }), never);
      const { output } = (JSON.parse(last().body) as { data: { output: object } }).data;
      expect(output).toMatchObject({ available: true, bytes: length, link: '/status/req-1/output' });
      expect('text' in output).toBe(inline);
      expect(Buffer.byteLength(last().body)).toBeLessThanOrEqual(262_144);
    }
  });

  test('goes to no redirect', async () => {
    receiver.behave(302, { location: 'http://127.0.0.1:1/' });
    const before = receiver.received.length;
    expect(await create().deliver(due(`webhook:${receiver.url}`), never)).toMatchObject({ kind: 'refused' });
    expect(receiver.received).toHaveLength(before + 1);
    receiver.behave(204);
  });

  test('goes only where the name leads to when it is checked', async () => {
    const lead = (...found: string[]) => create({ allowPrivate: [], resolve: async () => found });
    const address = `webhook:https://example.org:${receiver.port}/`;
    const before = receiver.received.length;
    for (const found of [['127.0.0.1'], ['::1'], ['10.0.0.1', 'fd00::1'], []]) {
      expect(await lead(...found).deliver(due(address), never)).toMatchObject({ kind: 'refused' });
    }
    expect(receiver.received).toHaveLength(before);
  });

  test('whose name led to where it may go first and elsewhere then is refused then', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const transport = create({ resolve: async () => answers.shift() ?? [] });
    const address = `webhook:http://example.org:${receiver.port}/`;
    expect(await transport.deliver(due(address), never)).toEqual({ kind: 'sent' });
    expect(await transport.deliver(due(address), never)).toMatchObject({ kind: 'refused' });
  });

  test('goes to the address that was checked, though the name leads to others, too', async () => {
    const transport = create({ resolve: async () => ['10.0.0.1', '127.0.0.1'] });
    expect(await transport.deliver(due(`webhook:http://example.org:${receiver.port}/`), never)).toEqual({
      kind: 'sent',
    });
    expect(last().headers.host).toBe(`example.org:${receiver.port}`);
  });

  test('goes by plain http to nobody whose name leads out of the named networks', async () => {
    const transport = create({ resolve: async () => ['93.184.216.34'] });
    expect(await transport.deliver(due('webhook:http://example.org/'), never)).toMatchObject({
      kind: 'refused',
    });
  });

  test('whose answer never ends was sent all the same, and nobody hears it to its end', async () => {
    const server = await openDrip();
    expect(await create().deliver(due(`webhook:${server.url}`), never)).toEqual({ kind: 'sent' });
    await server.untilLeft;
    await server.close();
  });
});

/** The line of docs/webhooks.md. */
const OPENSSL = `
key=$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
printf '%s.%s.%s' "$ID" "$TIMESTAMP" "$BODY" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 | sed 's/^/v1,/'`;

/** Answers 200 and then drips: it is never idle for long. */
async function openDrip() {
  const { createServer } = await import('node:http');
  const left = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200).write('drip');
    const drips = setInterval(() => response.write('drip'), 100);
    response.once('close', () => {
      clearInterval(drips);
      left.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    untilLeft: left.promise,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
