import type { Identity, Source } from '../request.ts';

/** What is written down of people and programs: what they did to what, and when. */
export const AUDIT_ACTIONS = [
  /** Work was handed in. */
  'request.accepted',
  'request.cancelled',
  'approval.allowed',
  'approval.denied',
  /** Somebody sat down at a terminal … */
  'terminal.attached',
  /** … and pressed a first key there. */
  'terminal.typed',
  'session.created',
  'session.deleted',
  'session.published',
  'key.created',
  'key.rotated',
  'key.revoked',
  'webhook.created',
  'webhook.rotated',
  'webhook.deleted',
  /** A key asked for what it may not. */
  'access.denied',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `key:<id>`, `telegram:<id>`, `discord:<id>`, the name of a way in that asks for no key (`inject`, `file`), `anybody`
 *  with authentication off; of approvals also `terminal`, `agent` and `rule`. */
export type Who = string;

export interface NewAuditLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly who: Who;
  readonly action: AuditAction;
  readonly workspace: string | null;
  /** The id of what it was done to; of `access.denied` the route. */
  readonly subject: string | null;
  readonly detail?: AuditDetail;
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** A line that stands. */
export interface AuditLine extends NewAuditLine {
  /** 1, 2, 3 …, without a gap. */
  readonly seq: number;
  readonly detail: AuditDetail;
  /** SHA-256 in hex of `toHashed`. */
  readonly hash: string;
}

/** What stands in for the line before the first one. */
export const FIRST_HASH = '0'.repeat(64);

/** What the hash of a line is made of. `before`: the hash of the line before. Everybody who verifies does this. */
export function toHashed(before: string, line: Omit<AuditLine, 'hash'>): string {
  const { seq, at, who, action, workspace, subject, detail } = line;
  return JSON.stringify([before, seq, at, who, action, workspace, subject, detail]);
}

/** Their callers come with a key: its id is who asked. */
export const KEYED: ReadonlySet<Source> = new Set<Source>(['http', 'bot', 'ws', 'quick']);

export function toWho(source: Source, { user_id: id }: Identity): Who {
  if (KEYED.has(source)) return toKeyWho(id);
  return id === null ? source : `${source}:${id}`;
}

/** Null: nobody was asked for one. */
export function toKeyWho(keyId: string | null): Who {
  return keyId === null ? 'anybody' : `key:${keyId}`;
}
