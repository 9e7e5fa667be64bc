import { createHash } from 'node:crypto';
import { type AuditLine, FIRST_HASH, toHashed } from '../../../core/model/audit/audit.ts';

/** A line as it was noted elsewhere. */
export interface Known {
  readonly seq: number;
  readonly hash: string;
}

export interface Chain {
  /** What is wrong with the next line; null: it follows from the one before. */
  add(line: AuditLine): string | null;
  end(): { readonly last: Known; readonly isKnownFound: boolean };
}

export function createChain(known: Known | undefined): Chain {
  let last: Known = { seq: 0, hash: FIRST_HASH };
  return {
    add(line) {
      if (line.seq !== last.seq + 1) return `line ${last.seq + 1} is missing`;
      const hash = createHash('sha256').update(toHashed(last.hash, line)).digest('hex');
      if (hash !== line.hash) return `line ${line.seq} was changed, or one before it`;
      if (line.seq === known?.seq && line.hash !== known.hash) return `line ${line.seq} is another one than is known`;
      last = { seq: line.seq, hash };
      return null;
    },
    end: () => ({ last, isKnownFound: known === undefined || known.seq <= last.seq }),
  };
}
