import { expect, test } from '@jest/globals';
import { openHttpServer } from '../../helpers/http-server.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('pages and their files need no key, are not counted, and may load nothing from elsewhere', async () => {
  await using http = await openHttpServer({ rateLimitMax: 1 });
  const types = {
    '/': 'text/html; charset=utf-8',
    '/terminal': 'text/html; charset=utf-8',
    '/page/gatehouse.css': 'text/css; charset=utf-8',
    '/page/gatehouse.svg': 'image/svg+xml',
    '/page/key.js': 'text/javascript; charset=utf-8',
    '/page/home.css': 'text/css; charset=utf-8',
    '/page/home.js': 'text/javascript; charset=utf-8',
    '/page/terminal.css': 'text/css; charset=utf-8',
    '/page/terminal.js': 'text/javascript; charset=utf-8',
    '/page/xterm.mjs': 'text/javascript; charset=utf-8',
    '/page/addon-fit.mjs': 'text/javascript; charset=utf-8',
    '/page/xterm.css': 'text/css; charset=utf-8',
  };
  for (const [path, type] of Object.entries(types)) {
    const response = await fetch(new URL(path, http.baseUrl), { headers: HTML });
    expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, type]);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await response.text()).length).toBeGreaterThan(100);
  }
});

test.each(['*/*', 'application/json', ''])('a program that accepts %p is told in JSON what this is', async (accept) => {
  await using http = await openHttpServer();
  const response = await fetch(new URL('/', http.baseUrl), { headers: { accept } });
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toMatchObject({ name: 'Gatehouse', docs: '/api-docs', health: '/health' });
});

test('what only looks like a file of a page needs a key', async () => {
  await using http = await openHttpServer();
  for (const path of ['/page/home.html', '/page/..%2f..%2fpackage.json', '/terminals', '/pages'])
    expect((await fetch(new URL(path, http.baseUrl))).status).toBe(401);
});
