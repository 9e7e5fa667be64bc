import type { App } from '../answers/app.ts';
import { addPageFiles, prefersHtml, sendPage } from './page-files.ts';

export const HOME_PAGE = '/';
export const TERMINAL_PAGE = '/terminal';

/** Pages for people. They hold no secret, so they need no key: they ask for one. */
export function addPages(app: App, version: string): void {
  addPageFiles(app);
  const home = { name: 'Gatehouse', version, docs: '/api-docs', health: '/health', terminal: TERMINAL_PAGE };
  app.get(HOME_PAGE, { schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'accept');
    return prefersHtml(request) ? sendPage(reply, 'home.html') : reply.send(home);
  });
  app.get(TERMINAL_PAGE, { schema: { hide: true } }, async (_request, reply) => sendPage(reply, 'terminal.html'));
}
