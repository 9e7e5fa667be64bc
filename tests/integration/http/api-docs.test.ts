import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openHttpServer } from '../../helpers/http-server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

test.each(['text/html', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'])(
  '/api-docs is a page for Accept: %s',
  async (accept) => {
    await using http = await openHttpServer();
    const response = await fetch(new URL('/api-docs', http.baseUrl), { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).not.toMatch(/https?:|upgrade-insecure-requests|validator\.swagger|unsafe/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await response.text();
    const assets = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => match[1] ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of [...assets, '/api-docs/json', '/api-docs/yaml']) {
      const answer = await fetch(new URL(asset, new URL('/api-docs', http.baseUrl)));
      expect([asset, answer.status, (await answer.text()).length > 0]).toEqual([asset, 200, true]);
    }
  },
);

test.each(['application/json', '*/*', 'application/json, text/html;q=0.5', 'text/html;q=0'])(
  '/api-docs is the OpenAPI document for Accept: %s',
  async (accept) => {
    await using http = await openHttpServer();
    const response = await fetch(new URL('/api-docs', http.baseUrl), { headers: { accept } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('vary')).toContain('accept');
    expect(await response.json()).toMatchObject({ openapi: '3.1.0', info: { license: { name: 'MIT' } } });
  },
);

test('/api-docs is the OpenAPI document without Accept, with both ways to send the key', async () => {
  await using http = await openHttpServer();
  const document = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: http.port, path: '/api-docs' }, (answer) => {
      json(answer).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
  expect(document).toMatchObject({
    components: {
      securitySchemes: {
        ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        BearerAuth: { type: 'http', scheme: 'bearer' },
      },
    },
  });
});

test('openapi.yaml is what the schemas say', async () => {
  await run('node', ['scripts/write-openapi.ts', '--check'], { cwd: root });
});

test('openapi.yaml passes the linter without a warning', async () => {
  const { stdout, stderr } = await run('npx', ['--no-install', 'redocly', 'lint', 'openapi.yaml'], { cwd: root });
  expect(stdout + stderr).not.toMatch(/warning|error/i);
});

test('every operation has an id, a summary, a tag and described fields', async () => {
  await using http = await openHttpServer();
  const document = http.server.app.swagger() as {
    paths: Record<string, Record<string, { operationId?: string; summary?: string; tags?: string[] }>>;
  };
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations).toHaveLength(45);
  for (const operation of operations) {
    expect(operation).toMatchObject({
      operationId: expect.any(String),
      summary: expect.any(String),
      tags: [expect.any(String)],
    });
  }
});
