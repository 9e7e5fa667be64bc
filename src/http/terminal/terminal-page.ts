import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../answers/app.ts';

export const TERMINAL_PAGE = '/terminal';

const OWN = fileURLToPath(new URL('../../../public/', import.meta.url));

/** Everything comes from here, and nobody may frame it. xterm writes styles of its own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page to try the terminal in a browser. It holds no secret, so it needs no key: it asks for one. */
export function addTerminalPage(app: App): void {
  const xterm = join(createRequire(import.meta.url).resolve('@xterm/xterm/package.json'), '..');
  const files = [
    ['', 'text/html', join(OWN, 'terminal.html')],
    ['/page.js', 'text/javascript', join(OWN, 'terminal.js')],
    ['/page.css', 'text/css', join(OWN, 'terminal.css')],
    ['/xterm.mjs', 'text/javascript', join(xterm, 'lib', 'xterm.mjs')],
    ['/xterm.css', 'text/css', join(xterm, 'css', 'xterm.css')],
  ] as const;
  for (const [path, type, file] of files) {
    app.get(`${TERMINAL_PAGE}${path}`, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .header('content-security-policy', POLICY)
        .header('x-content-type-options', 'nosniff')
        .type(`${type}; charset=utf-8`)
        .send(await readFile(file)),
    );
  }
}
