import { isUtf8 } from 'node:buffer';
import type { App } from './app.ts';
import { createProblem, ProblemError } from './problem.ts';

/** 256 kB of prompt fit, also when every byte of it is escaped as `\u00XX`. */
export const BODY_MAX_BYTES = 2 * 1024 * 1024;

/** JSON is the only content type. An empty body counts as no body, since many clients name the type on every POST. */
export function acceptJsonBodies(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes.length === 0) return done(null, undefined);
    // Decoding would turn broken bytes into U+FFFD, and the agent would get what nobody wrote.
    if (!isUtf8(bytes)) return done(new ProblemError(createProblem('malformed_json', 'the body is not valid UTF-8')));
    return parseJson(request, bytes.toString(), (error, value: unknown) => {
      if (error === null) done(null, value);
      else done(new ProblemError(createProblem('malformed_json', 'the body is not valid JSON')));
    });
  });
}
