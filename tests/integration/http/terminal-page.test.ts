import { expect, test } from '@jest/globals';
import { openHttpServer } from '../../helpers/http-server.ts';

test('the page and its files need no key, are not counted, and may load nothing from elsewhere', async () => {
  await using http = await openHttpServer({ rateLimitMax: 1 });
  const types = {
    '/terminal': 'text/html',
    '/terminal/page.js': 'text/javascript',
    '/terminal/page.css': 'text/css',
    '/terminal/xterm.mjs': 'text/javascript',
    '/terminal/xterm.css': 'text/css',
  };
  for (const [path, type] of Object.entries(types)) {
    const response = await fetch(new URL(path, http.baseUrl));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect((await response.text()).length).toBeGreaterThan(100);
  }
});

test('what only looks like a file of the page needs a key', async () => {
  await using http = await openHttpServer();
  for (const path of ['/terminal/terminal.js', '/terminal/..%2f..%2fpackage.json', '/terminals'])
    expect((await fetch(new URL(path, http.baseUrl))).status).toBe(401);
});
