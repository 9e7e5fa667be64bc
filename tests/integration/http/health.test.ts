import { expect, test } from '@jest/globals';
import type { Scope } from '../../../src/core/model/keys/key.ts';
import { createApiCall } from '../../helpers/api-call.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { openHttpServer } from '../../helpers/http-server.ts';

test('GET /health is 200 with every check when healthy', async () => {
  await using http = await openHttpServer();
  const response = await http.api.fetch('/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    status: 'healthy',
    checks: {
      tmuxServer: { healthy: true, sessionsCount: 3 },
      sessions: { healthy: true, total: 3, active: 2 },
      filesystem: { healthy: true },
      gateway: { healthy: true },
    },
  });
});

test('GET /health is 503 with the same document when degraded', async () => {
  await using http = await openHttpServer();
  http.gateway.setHealth('degraded');
  const response = await http.api.fetch('/health');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ status: 'degraded', checks: { agent: { healthy: false } } });
});

test.each<[string, { scopes: readonly Scope[]; workspaces?: readonly string[] }, boolean]>([
  ['reads everything', { scopes: ['read'] }, true],
  ['is an admin', { scopes: ['admin'] }, true],
  ['reads some workspaces', { scopes: ['read'], workspaces: ['mine'] }, false],
  ['reads nothing', { scopes: ['execute'] }, false],
])('GET /health tells what all have spent, and who takes nothing, to a key that %s: %j', async (_who, wish, isTold) => {
  const { checks, ...found } = await createFakeGateway().health.check();
  const paused = [{ to: 'webhook:https://h.example', failingSince: 1, lastError: 'refused' }];
  const told = {
    store: { healthy: true, today: { costUsd: 3, leftUsd: null, unpriced: 0 } },
    gateway: { healthy: true, transports: [{ name: 'webhook', failing: 1, paused }] },
  };
  const check = async () => ({ ...found, checks: { ...checks, ...told } });
  await using http = await openHttpServer({}, createFakeGateway({ health: { check } }));
  const { key } = await http.gateway.keys.create({ name: 'x', ...wish });
  const { body } = await createApiCall(http.baseUrl, key)('GET', '/health');
  expect(body.checks).toMatchObject(
    isTold
      ? told
      : { store: { healthy: true }, gateway: { transports: [{ name: 'webhook', failing: 1, paused: [] }] } },
  );
  expect('today' in body.checks.store).toBe(isTold);
});

test('GET /livez answers without a key', async () => {
  await using http = await openHttpServer();
  const response = await http.anonymous.fetch('/livez');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
});

test('GET /readyz is 503 while the gateway takes no work, without a key', async () => {
  await using http = await openHttpServer();
  expect((await http.anonymous.fetch('/readyz')).status).toBe(200);
  http.gateway.setReady(false);
  const response = await http.anonymous.fetch('/readyz');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: 'not_ready' });
});

test('a probe that finds all well is logged for debugging only', async () => {
  await using http = await openHttpServer();
  await http.anonymous.fetch('/readyz');
  http.gateway.setReady(false);
  await http.anonymous.fetch('/readyz');
  await http.server.close();
  expect(http.lines.map(({ level, fields }) => [level, fields['status']])).toEqual([
    ['debug', 200],
    ['info', 503],
  ]);
});
