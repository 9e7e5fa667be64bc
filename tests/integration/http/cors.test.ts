import { expect, test } from '@jest/globals';
import { openHttpServer, type TestServer } from '../../helpers/http-server.ts';

const origin = 'https://app.example';

function preflight(http: TestServer, path = '/execute'): Promise<Response> {
  return fetch(new URL(path, http.baseUrl), {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key,prefer' },
  });
}

test('a preflight needs no key and names methods and headers', async () => {
  await using http = await openHttpServer();
  const response = await preflight(http);
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE');
  expect(response.headers.get('access-control-allow-headers')).toMatch(
    /X-API-Key.*Idempotency-Key, If-None-Match, Last-Event-ID, Prefer/,
  );
  expect(response.headers.has('access-control-allow-credentials')).toBe(false);
});

test('answers expose what clients need, also refusals', async () => {
  await using http = await openHttpServer();
  for (const api of [http.api, http.anonymous]) {
    const response = await api.fetch('/sessions', { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = response.headers.get('access-control-expose-headers')?.toLowerCase().split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['location', 'retry-after', 'ratelimit-remaining', 'idempotent-replayed']),
    );
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
  }
});

test('with a list of origins, only those are allowed', async () => {
  await using http = await openHttpServer({ corsOrigins: [origin] });
  const allowed = await http.api.fetch('/sessions', { headers: { origin } });
  expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
  expect(allowed.headers.get('vary')).toContain('Origin');
  const other = await http.api.fetch('/sessions', { headers: { origin: 'https://evil.example' } });
  expect(other.headers.has('access-control-allow-origin')).toBe(false);
});

test('with no origins there is no CORS, and a preflight is refused', async () => {
  await using http = await openHttpServer({ corsOrigins: [] });
  const response = await preflight(http);
  expect(response.status).toBe(403);
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
  const answer = await http.api.fetch('/sessions', { headers: { origin } });
  expect(answer.headers.has('access-control-allow-origin')).toBe(false);
});
