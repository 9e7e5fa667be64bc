import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type GatewayHouse, HOUSE_KEY, openGatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { connectStream } from '../helpers/stream-clients.ts';
import { until } from '../helpers/until.ts';

const CANARIES = {
  prompt: 'canary-prompt-5e1f',
  answer: 'canary-answer-77ab',
  wrongKey: `canary-wrong-key-${'0123456789abcdef'.repeat(2)}`,
  model: `sk-ant-canary-${'x7'.repeat(12)}`,
  token: 'canary-oauth-token-9d',
  address: 'canary-in-an-address',
};

let folder: string;
let house: GatewayHouse;
let requestId: string;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

function lines(msg?: string): readonly Line[] {
  const all = house
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return msg === undefined ? all : all.filter((line) => line.msg === msg);
}

/** One key, one request, a WebSocket, a session that sleeps and goes: all that has a line. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-log-'));
  const agent = await installScriptedAgent(folder, [{ match: 'canary', do: { text: CANARIES.answer } }]);
  house = await openGatewayHouse({
    agent,
    env: {
      LOG_LEVEL: 'debug',
      SESSION_IDLE_MS: '1000',
      ANTHROPIC_API_KEY: CANARIES.model,
      CLAUDE_CODE_OAUTH_TOKEN: CANARIES.token,
      WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
    },
  });
  const gateway = house.start();
  await gateway.ready();
  const stream = await connectStream(`${house.url}/stream`, { 'x-api-key': HOUSE_KEY });
  await house.call('GET', '/sessions', { key: CANARIES.wrongKey });
  const replyTo = `webhook:http://127.0.0.1:9/${CANARIES.address}?token=${CANARIES.address}`;
  const json = { workspace: 'demo', command: CANARIES.prompt, replyTo };
  const { body } = await house.call('POST', '/execute', { json, headers: { prefer: 'wait=30' } });
  requestId = body['requestId'] as string;
  await until(() => lines('session.slept').length === 1);
  await house.call('DELETE', '/session/demo?force=true');
  stream.cut();
  await until(() => lines('http.websocket_closed').length === 1);
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the log', () => {
  test('is one JSON object a line, each with a level, a time and an event', () => {
    expect(lines().length).toBeGreaterThan(10);
    const wrong = lines().filter(({ level, time, msg }) => !level || Number.isNaN(Date.parse(String(time))) || !msg);
    expect(wrong).toEqual([]);
  });

  test('has a line for each request of HTTP, joined to what it made', () => {
    expect(lines('http.request').filter(({ route }) => route === '/execute')).toMatchObject([
      { method: 'POST', status: 200, requestId, keyId: expect.any(String), ms: expect.any(Number) },
    ]);
    expect(lines('http.request').filter(({ method }) => method === 'DELETE')).toMatchObject([
      { status: 200, workspace: 'demo' },
    ]);
  });

  test('has a line for each request and each turn', () => {
    expect(lines('request.queued')).toMatchObject([{ requestId, workspace: 'demo', source: 'http' }]);
    expect(lines('turn.ended')).toMatchObject([{ requestId, workspace: 'demo', state: 'completed' }]);
  });

  test.each(['session.created', 'session.started', 'session.slept', 'session.deleted'])('has a line for %s', (msg) => {
    expect(lines(msg)).toMatchObject([{ level: 'info', workspace: 'demo' }]);
  });

  test('has a line for a WebSocket that opens, and for its end', () => {
    expect(lines('http.websocket_opened')).toMatchObject([{ route: '/stream' }]);
    expect(lines('http.websocket_closed')).toMatchObject([{ route: '/stream', ms: expect.any(Number) }]);
  });

  test.each([...Object.entries(CANARIES), ['the key', HOUSE_KEY]])('never says %s', (_what, canary) => {
    expect(house.log()).not.toContain(canary);
  });
});
