import { expect, test } from '@jest/globals';
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
