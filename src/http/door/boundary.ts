import type { App } from '../answers/app.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';

/** Who may call a listener at all. */
export interface Boundary {
  /** Whether it goes by this `Host`. */
  readonly isNamed: (host: string) => boolean;
  /** Whether pages of this `Origin` may call it by this `Host`. */
  readonly letsIn: (origin: string, host: string) => boolean;
  /** What to do about a refused host. */
  readonly wayOut: string;
  /** Why a page is refused. */
  readonly closed: (origin: string) => string;
}

/** Asked first and of everybody, keys or no keys: browsers let any page call any host. They name the page (`Origin`), and
 *  whom it believes to call (`Host`), also after DNS was turned against that name. */
export function keepBoundary(app: App, { isNamed, letsIn, wayOut, closed }: Boundary): void {
  app.addHook('onRequest', ({ headers: { host = '', origin } }, _reply, done) => {
    if (origin !== undefined && !letsIn(origin, host)) done(refuse('origin_refused', closed(origin)));
    else if (isNamed(host)) done();
    else done(refuse('host_refused', `this is not ${host === '' ? 'a host without a name' : host}`, wayOut));
  });
}

function refuse(code: 'origin_refused' | 'host_refused', detail: string, wayOut?: string): ProblemError {
  return new ProblemError(createProblem(code, detail, { wayOut }));
}
