import { expect, test } from '@jest/globals';
import { createMetricsServer } from '../../../src/http/metrics/metrics-server.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { createMemoryLog, openHttpServer } from '../../helpers/http-server.ts';

test('GET /metrics needs a key', async () => {
  await using http = await openHttpServer();
  expect((await http.anonymous.fetch('/metrics')).status).toBe(401);
});

test('GET /metrics is what the meter says, in its own content type', async () => {
  const metrics = createMetrics('1.2.3');
  await using http = await openHttpServer({}, undefined, undefined, undefined, metrics);
  await http.api.fetch('/livez');
  const response = await http.api.fetch('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const page = await response.text();
  expect(page).toContain(`gatehouse_build_info{version="1.2.3",node="${process.version}"} 1`);
  expect(page).toContain('gatehouse_http_request_seconds_count{method="GET",route="/livez",status="200"} 1');
});

test('at a port of their own metrics need no key, and nothing else is there', async () => {
  const log = createMemoryLog([]);
  const settings = { host: '127.0.0.1', port: 0, hosts: [], reusePort: false };
  const server = await createMetricsServer({ metrics: createMetrics('1.2.3'), settings, log });
  try {
    const { port } = await server.listen();
    const read = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    expect((await read('/metrics')).status).toBe(200);
    expect((await read('/health')).status).toBe(404);
    expect((await read('/')).headers.get('content-type')).toContain('application/problem+json');
  } finally {
    await server.close();
  }
});
