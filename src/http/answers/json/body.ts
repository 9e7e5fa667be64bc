import { isUtf8 } from 'node:buffer';
import type { App } from '../app.ts';
import { isTooDeep, TOO_DEEP } from './parse-json.ts';
import { createProblem, ProblemError } from '../problem.ts';

/** 256 kB of prompt fit, also when every byte of it is escaped as `\u00XX`. */
export const BODY_MAX_BYTES = 2 * 1024 * 1024;

/** What becomes of each value; `source` is a number as it was written. */
export type Revive = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** JSON is the only content type. An empty body counts as no body, since many clients name the type on every POST. */
export function acceptJsonBodies(app: App, revive?: Revive): void {
  const parseBody = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes.length === 0) return done(null, undefined);
    const charset = /charset=["']?([^"';\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset) || request.headers['content-encoding'] !== undefined)
      return done(new ProblemError(createProblem('unsupported_media_type', 'send the body as plain UTF-8')));
    // Decoding would turn broken bytes into U+FFFD, and the agent would get what nobody wrote.
    if (!isUtf8(bytes)) return done(new ProblemError(createProblem('malformed_json', 'the body is not valid UTF-8')));
    const text = bytes.toString();
    if (isTooDeep(text)) return done(new ProblemError(createProblem('malformed_json', TOO_DEEP)));
    return parseBody(request, text, (error, value: unknown) => {
      if (error === null) done(null, revive === undefined ? value : JSON.parse(text, revive));
      else done(new ProblemError(createProblem('malformed_json', toReason(text))));
    });
  });
}

/** The parser says the same of both. */
function toReason(text: string): string {
  try {
    JSON.parse(text);
    return 'the body names __proto__ or constructor, which no field may be called';
  } catch {
    return 'the body is not valid JSON';
  }
}
