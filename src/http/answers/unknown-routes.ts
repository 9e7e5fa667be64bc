import { GatewayError } from '../../core/model/errors.ts';
import type { App } from './app.ts';
import { createProblem, ProblemError } from './problem.ts';

interface Known {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

/** Answers 405 with `Allow` on a path that has other methods, and 404 elsewhere. Before the routes are added.
 *  `hint`: behind "there is no GET on this path". */
export function answerUnknownRoutes(app: App, hint: string): void {
  const known: Known[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // A route of `*` answers preflights, and is on no path.
    if (url !== '*') known.push({ path: toPattern(url), methods: [method].flat() });
  });
  app.setNotFoundHandler((request, reply) => {
    const { method } = request;
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(known.flatMap((route) => (route.path.test(path) ? route.methods : [])));
    if (allowed.size === 0) throw new GatewayError('not_found', `there is no ${method} on this path${hint}`);
    const allow = [...allowed].toSorted().join(', ');
    reply.header('allow', allow);
    throw new ProblemError(createProblem('method_not_allowed', `there is no ${method} on this path: it has ${allow}`));
  });
}

/** Of a route, whose parameters are one segment each. */
function toPattern(url: string): RegExp {
  const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  const path = escaped.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*').replace(/\/$/, '');
  return new RegExp(`^${path}/?$`);
}
