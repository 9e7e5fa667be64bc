import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { type GatewayHouse, openGatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../helpers/webhook-receiver.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
}

/** A collector of OTLP over HTTP, in JSON. */
async function openCollector(): Promise<{ readonly url: string; readonly spans: Span[]; readonly server: Server }> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { resourceSpans } = body as {
        readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
      };
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, server };
}

describe('a request that belongs to a trace', () => {
  let folder: string;
  let house: GatewayHouse;
  let receiver: WebhookReceiver;
  let collector: Awaited<ReturnType<typeof openCollector>>;
  const seen = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8').catch(() => '');

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-traces-'));
    receiver = await openWebhookReceiver();
    collector = await openCollector();
    const hook = path.join(folder, 'hook.sh');
    writeFileSync(hook, `#!/bin/sh\ncat > ${folder}/told\nprintf %s "$TRACEPARENT" > ${folder}/env\n`, { mode: 0o755 });
    const hooks = path.join(folder, 'hooks.json');
    writeFileSync(hooks, JSON.stringify({ hooks: [{ name: 'looks', ref: hook, events: ['pre_session'] }] }));
    const agent = await installScriptedAgent(folder, [{ match: 'job', do: { text: 'done' } }]);
    house = await openGatewayHouse({
      agent,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '200',
        HOOKS_FILE: hooks,
        WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
      },
    });
    await house.start().ready();
    const body = { workspace: 'demo', command: 'job', replyTo: `webhook:${receiver.url}/told` };
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01`, prefer: 'wait=30' };
    const ended = await house.call('POST', '/execute', { json: body, headers });
    expect(ended.body).toMatchObject({ state: 'completed' });
    await until(() => receiver.taken().length === 1 && collector.spans.some(({ name }) => name === 'request'));
  });
  afterAll(async () => {
    await house.close();
    await receiver.close();
    collector.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const own = (): Span => collector.spans.find(({ name }) => name === 'request') as Span;

  test('is a span below its caller’s, as long as it lived', () => {
    expect(own()).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
    const { startTimeUnixNano: from, endTimeUnixNano: to } = own();
    expect(BigInt(to) - BigInt(from)).toBeGreaterThan(0n);
  });

  test('has its phases below it', () => {
    const below = collector.spans.filter(({ parentSpanId }) => parentSpanId === own().spanId);
    expect(below.map(({ name }) => name)).toEqual(['queued', 'preparing', 'submitting', 'working']);
    expect(new Set(below.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  });

  test('hands its span on to webhooks', () => {
    expect(receiver.taken()[0]?.headers['traceparent']).toBe(`00-${TRACE}-${own().spanId}-01`);
  });

  test('hands its span on to hooks, in what they are told and in their environment', async () => {
    const traceparent = `00-${TRACE}-${own().spanId}-01`;
    expect(JSON.parse(await seen('told'))).toMatchObject({ traceparent });
    expect(await seen('env')).toBe(traceparent);
  });

  test('a collector that is away holds up nothing', async () => {
    collector.server.close();
    collector.server.closeAllConnections();
    const json = { workspace: 'demo', command: 'job' };
    const { body } = await house.call('POST', '/execute', { json, headers: { prefer: 'wait=30' } });
    expect(body).toMatchObject({ state: 'completed' });
    await until(() => house.log().includes('tracing.not_exported'));
  });
});
