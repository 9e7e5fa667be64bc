import { isLoopback } from '../../../lib/net/loopback.ts';
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

function refuse(code: 'origin_refused' | 'host_refused', detail: string): ProblemError {
  return new ProblemError(createProblem(code, detail));
}
