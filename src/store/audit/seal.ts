import { hash as digest } from 'node:crypto';
import { FIRST_HASH, type NewAuditLine, toHashed } from '../../core/model/audit/audit.ts';
import { get, send, type Step } from '../sql/step.ts';
import { insertLine, lastLine } from './audit-queries.ts';

/** Writes the lines of a transaction, as the last thing in it: their numbers and hashes follow from the line before, so no
 *  two transactions may do it at the same time. Once for all of a group, for each acceptance has a line. */
export function* sealAudit(lines: readonly NewAuditLine[]): Step<void> {
  const last = yield* get(lastLine, {});
  let { seq, hash } = last ?? { seq: 0, hash: FIRST_HASH };
  for (const { at, who, action, workspace, subject, detail = {} } of lines) {
    seq += 1;
    hash = digest('sha256', toHashed(hash, { seq, at, who, action, workspace, subject, detail }), 'hex');
    yield* send(insertLine, { seq, at, who, action, workspace, subject, detail: JSON.stringify(detail), hash });
  }
}
