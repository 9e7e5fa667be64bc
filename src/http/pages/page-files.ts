import type { FastifyReply, FastifyRequest } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../answers/app.ts';

const OWN = fileURLToPath(new URL('../../../public/', import.meta.url));

/** Everything comes from here, and nobody may frame it. xterm writes styles of its own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** What pages load, below `/page/`. */
export const PAGE_FILES = {
  'gatehouse.css': { type: STYLE, file: join(OWN, 'gatehouse.css') },
  'gatehouse.svg': { type: 'image/svg+xml', file: join(OWN, 'gatehouse.svg') },
  'key.js': { type: SCRIPT, file: join(OWN, 'key.js') },
  'home.css': { type: STYLE, file: join(OWN, 'home.css') },
  'home.js': { type: SCRIPT, file: join(OWN, 'home.js') },
  'terminal.css': { type: STYLE, file: join(OWN, 'terminal.css') },
  'terminal.js': { type: SCRIPT, file: join(OWN, 'terminal.js') },
  'xterm.css': { type: STYLE, file: join(folderOf('@xterm/xterm'), 'css', 'xterm.css') },
  'xterm.mjs': { type: SCRIPT, file: join(folderOf('@xterm/xterm'), 'lib', 'xterm.mjs') },
  'addon-fit.mjs': { type: SCRIPT, file: join(folderOf('@xterm/addon-fit'), 'lib', 'addon-fit.mjs') },
} as const;

export const PAGE_FILES_PATH = '/page';

export function addPageFiles(app: App): void {
  for (const [name, { type, file }] of Object.entries(PAGE_FILES)) {
    app.get(`${PAGE_FILES_PATH}/${name}`, { schema: { hide: true } }, async (_request, reply) =>
      guarded(reply)
        .type(type)
        .send(await readFile(file)),
    );
  }
}

/** One of ours, as text. */
export function readPage(name: string): Promise<string> {
  return readFile(join(OWN, name), 'utf8');
}

export async function sendPage(reply: FastifyReply, name: string): Promise<FastifyReply> {
  return guarded(reply)
    .type('text/html; charset=utf-8')
    .send(await readPage(name));
}

function guarded(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', POLICY).header('x-content-type-options', 'nosniff');
}

/** Programs are told something else, also with an Accept header of every type, or none: only who names HTML gets a page. */
export function prefersHtml({ headers: { accept } }: Pick<FastifyRequest, 'headers'>): boolean {
  const html = readQuality(accept, 'text/html');
  return html > 0 && html >= readQuality(accept, 'application/json');
}

/** How much a client wants a media type that it names; 0 when it does not name it. */
function readQuality(accept: string | undefined, mediaType: string): number {
  for (const range of (accept ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== mediaType) continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}

function folderOf(name: string): string {
  return join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..');
}
