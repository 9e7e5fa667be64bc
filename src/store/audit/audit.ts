import type { AuditDetail, AuditLine, NewAuditLine } from '../../core/model/audit/audit.ts';
import { all, note, type Step } from '../sql/step.ts';
import { linesAfter } from './audit-queries.ts';

/** It is written in the transaction of what it tells, or not at all. */
export function* noteAudit(line: NewAuditLine): Step<void> {
  yield* note(line);
}

export function* listAudit(after: number, limit: number): Step<readonly AuditLine[]> {
  const rows = yield* all(linesAfter, { after, limit });
  return rows.map(({ detail, ...row }) => ({ ...row, detail: readDetail(detail) }));
}

/** Whoever changed a line may have left no JSON there: it is shown all the same, and its hash tells. */
function readDetail(detail: string): AuditDetail {
  try {
    return JSON.parse(detail) as AuditDetail;
  } catch {
    return { unreadable: detail };
  }
}
