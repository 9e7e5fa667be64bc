import { describe, expect, test } from '@jest/globals';
import { openHttpServer, OTHER_KEY } from '../../helpers/http-server.ts';
import { createApiClient } from '../../helpers/openapi-fetch.ts';

test('100 requests of a key pass and the 101st is 429 with Retry-After', async () => {
  await using http = await openHttpServer({ rateLimitMax: 100 });
  const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await http.api.fetch('/health')).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refused = await http.api.fetch('/health');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('ratelimit-limit')).toBe('100');
  expect(refused.headers.get('ratelimit-remaining')).toBe('0');
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 });
});

test('every answer says what is left', async () => {
  await using http = await openHttpServer({ rateLimitMax: 5 });
  const response = await http.api.fetch('/sessions');
  expect(response.headers.get('ratelimit-limit')).toBe('5');
  expect(response.headers.get('ratelimit-remaining')).toBe('4');
  expect(Number(response.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
});

test('each key has its own budget', async () => {
  await using http = await openHttpServer({ rateLimitMax: 1 });
  const other = createApiClient({ baseUrl: http.baseUrl, key: OTHER_KEY });
  expect((await http.api.fetch('/sessions')).status).toBe(200);
  expect((await http.api.fetch('/sessions')).status).toBe(429);
  expect((await other.fetch('/sessions')).status).toBe(200);
});

test('attempts without a valid key are limited, on every path, and cost no key anything', async () => {
  await using http = await openHttpServer({ rateLimitMax: 3 });
  const wrong = createApiClient({ baseUrl: http.baseUrl, key: 'wrong' });
  expect((await http.anonymous.fetch('/sessions')).status).toBe(401);
  expect((await wrong.fetch('/sessions')).status).toBe(401);
  expect((await wrong.fetch('/no/such/path')).status).toBe(401);
  expect((await wrong.fetch('/sessions')).status).toBe(429);
  expect((await wrong.fetch('/no/such/path')).status).toBe(429);
  const valid = await http.api.fetch('/sessions');
  expect(valid.status).toBe(200);
  expect(valid.headers.get('ratelimit-remaining')).toBe('2');
});

test('probes and the documentation are not counted', async () => {
  await using http = await openHttpServer({ rateLimitMax: 1 });
  for (const path of ['/livez', '/readyz', '/api-docs', '/api-docs/static/swagger-ui.css']) {
    for (let time = 0; time < 3; time += 1) {
      const response = await fetch(new URL(path, http.baseUrl));
      expect(response.status).toBe(200);
      expect(response.headers.has('ratelimit-limit')).toBe(false);
      await response.text();
    }
  }
});

test('0 is off', async () => {
  await using http = await openHttpServer({ rateLimitMax: 0 });
  const responses = await Promise.all(Array.from({ length: 120 }, () => http.api.fetch('/sessions')));
  expect(responses.every(({ status, headers }) => status === 200 && !headers.has('ratelimit-limit'))).toBe(true);
});

describe('A4: what is counted apart', () => {
  const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status;

  test('is each request that is looked at: four of them, at the pace that is advised', async () => {
    await using http = await openHttpServer({ rateLimitMax: 100 });
    const accepted = await Promise.all(
      ['a', 'b', 'c', 'd'].map((workspace) => http.api.post('/execute', { workspace, command: 'x' })),
    );
    const at = accepted.map(({ headers }) => headers.get('location') ?? '');
    const looks = at.flatMap((path) => Array.from({ length: 30 }, () => http.api.fetch(path)));
    expect(new Set((await Promise.all(looks)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('is what acts from what looks, reads and checks', async () => {
    await using http = await openHttpServer({ rateLimitMax: 3 });
    const { headers } = await http.api.post('/execute', { workspace: 'a', command: 'x' });
    const at = headers.get('location') ?? '';
    for (const path of ['/sessions', '/health', at]) {
      const statuses = await Promise.all(Array.from({ length: 70 }, () => statusOf(http.api.fetch(path))));
      expect(statuses).toContain(429);
    }
    expect(await statusOf(http.api.fetch(`${at}/cancel`, { method: 'POST' }))).toBe(200);
    expect(await statusOf(http.api.post('/execute', { workspace: 'a', command: 'y' }))).toBe(202);
    expect(await statusOf(http.api.post('/execute', { workspace: 'a', command: 'z' }))).toBe(429);
  });

  test('is the pace of looks that the gateway advises, which fits under every limit', async () => {
    await using http = await openHttpServer({ rateLimitMax: 1 });
    const { headers } = await http.api.post('/execute', { workspace: 'a', command: 'x' });
    const pause = Number(headers.get('retry-after'));
    const looks = Array.from({ length: 60 / pause }, () => http.api.fetch(headers.get('location') ?? ''));
    expect(new Set((await Promise.all(looks)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('is not each request that there is not: who looks for many of them reads, and who polls goes on', async () => {
    await using http = await openHttpServer({ rateLimitMax: 5 });
    const { headers } = await http.api.post('/execute', { workspace: 'a', command: 'x' });
    const statuses: number[] = [];
    for (let nth = 0; nth < 12; nth += 1) statuses.push(await statusOf(http.api.fetch(`/status/unknown-${nth}`)));
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429]);
    const other = createApiClient({ baseUrl: http.baseUrl, key: OTHER_KEY });
    expect(await statusOf(other.fetch(headers.get('location') ?? ''))).toBe(200);
    expect(await statusOf(http.api.post('/execute', { workspace: 'a', command: 'y' }))).toBe(202);
  });

  test('is told', async () => {
    await using http = await openHttpServer({ rateLimitMax: 1 });
    await http.api.fetch('/sessions');
    const refused = await http.api.fetch('/sessions');
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('1 requests that read in 60 s') });
  });
});
