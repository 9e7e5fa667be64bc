import { isIPv4 } from 'node:net';
import type { App } from '../../answers/app.ts';
import { createProblem, ProblemError } from '../../answers/problem.ts';

/** This listener asks for no key, so a page that somebody of this machine has open in a browser may not use it: browsers
 *  name the page (`Origin`), and the host that it believes to talk to (`Host`), also after DNS was turned against it. */
export function admitLocalOnly(app: App): void {
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.origin !== undefined) {
      throw refuse('origin_refused', 'this API is for programs of this machine, and not for web pages');
    }
    if (!isLoopback(headers.host ?? '')) {
      throw refuse('host_refused', 'this API is for this machine: use http://127.0.0.1, with its port');
    }
  });
}

/** With or without a port. */
export function isLoopback(host: string): boolean {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::[0-9]*)?$/.exec(host.toLowerCase()) ?? [];
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}

function refuse(code: 'origin_refused' | 'host_refused', detail: string): ProblemError {
  return new ProblemError(createProblem(code, detail));
}
