import type { Who } from '../../model/audit/audit.ts';
import type { KeyLimits, KeyRecord, Reach, Scope } from '../../model/keys/key.ts';

/** The keys of callers. */
export interface KeysApi {
  /** The key itself is told here and never again. Throws `invalid_field`. */
  create(wish: KeyWish, who?: Who): Promise<NewKey>;
  /** In the order in which they were made, also those that have expired. */
  list(): Promise<readonly KeyRecord[]>;
  /** A new secret; the one before opens nothing any more. Throws `not_found`. */
  rotate(id: string, who?: Who): Promise<NewKey>;
  /** It opens nothing any more. Throws `not_found`. */
  revoke(id: string, who?: Who): Promise<void>;
  /** Null when there is none, or it has expired. */
  find(id: string): Promise<KeyRecord | null>;
  /** Notes that it opened something, to the minute. */
  used(key: KeyRecord): void;
  /** Throws `not_found` for what is in none of these workspaces, in the words for what is not there at all. */
  mustReach(reach: Reach, thing: Thing): Promise<void>;
}

export interface NewKey {
  readonly record: KeyRecord;
  /** `gh_<id>_<secret>` */
  readonly key: string;
}

export interface KeyWish extends Partial<KeyLimits> {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly workspaces?: readonly string[];
  readonly expiresAt?: number;
}

/** What belongs to a workspace, or the workspace itself. */
export interface Thing {
  readonly kind: 'workspace' | 'request' | 'approval' | 'delivery';
  readonly id: string;
}
