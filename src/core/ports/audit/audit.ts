import type { AuditLine, NewAuditLine } from '../../model/audit/audit.ts';

/** What people and programs did. */
export interface AuditApi {
  /** In order, behind a line; 0: from the first. */
  list(after: number, limit: number): Promise<readonly AuditLine[]>;
  /** Of what a surface alone knows. */
  note(line: Omit<NewAuditLine, 'at'>): Promise<void>;
}
