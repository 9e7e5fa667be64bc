import type { AuditLine, NewAuditLine, Who } from '../../model/audit/audit.ts';

/** By whom a step was asked for, for the line that it writes. Absent: by the gateway itself, which writes none. */
export interface By {
  readonly who: Who;
  readonly at: number;
}

/** The log of what people and programs did. What a step of the store changes for them, it writes down in the same
 *  transaction; each line carries a hash over the one before. Lines are never changed and never removed. */
export interface AuditStore {
  /** For what changes nothing else in the store. */
  noteAudit(line: NewAuditLine): Promise<void>;
  /** In order, behind a line. */
  listAudit(after: number, limit: number): Promise<readonly AuditLine[]>;
}
