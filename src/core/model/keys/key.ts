/** What a key may do. `admin` may do everything, in every workspace. */
export const SCOPES = ['execute', 'read', 'approve', 'sessions', 'terminal', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The workspaces that a key may touch: names, and `prefix-*` for all that begin so. Null: all. */
export type Reach = readonly string[] | null;

/** A name, or a beginning that ends in `-` or `_` with a star behind it: `web-*` is not meant for `website`. */
export const REACH_PATTERN = '^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}|[A-Za-z0-9_-]{0,60}[_-]\\*)$';

/** The same for people. */
export const REACH_RULE = 'name a workspace, or the beginning of many as web-*';

const pattern = new RegExp(REACH_PATTERN);

export function isReachPattern(text: string): boolean {
  return pattern.test(text);
}

/** Keeps a list to what a caller sees; absent: everything. */
export interface Within {
  readonly reach?: Reach;
}

/** A key of a caller, without the secret: that is known to the caller alone. */
export interface KeyRecord {
  /** Names the key in identities, limits, sums and logs; never used again. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** SHA-256 of the whole key, in hex. The secret is 32 random bytes, so nobody finds it by trying, and a slow hash would
   *  only make each request slow. */
  readonly sha256: string;
  readonly scopes: readonly Scope[];
  readonly workspaces: Reach;
  readonly limits: KeyLimits;
  /** Epoch milliseconds, like all instants. */
  readonly createdAt: number;
  /** From then on it opens nothing; null: never. */
  readonly expiresAt: number | null;
  /** To the minute; null: it was not used yet. */
  readonly lastUsedAt: number | null;
}

/** Null: the key has no limit of its own. Days are those of UTC. */
export interface KeyLimits {
  /** Requests over HTTP in a window (RATE_LIMIT_WINDOW_MS), instead of RATE_LIMIT_MAX. */
  readonly rateLimitMax: number | null;
  /** Its requests that wait or run at the same time. */
  readonly activeMax: number | null;
  /** Its requests that are accepted in a day. */
  readonly dailyTurnsMax: number | null;
  /** What its turns of a day may cost, in millionths of a US dollar. */
  readonly dailyCostMicroUsdMax: number | null;
}

/** What belongs to no workspace is seen by those who see all. */
export function reaches(reach: Reach, workspace: string | null): boolean {
  if (reach === null) return true;
  if (workspace === null) return false;
  return reach.some((name) => (name.endsWith('*') ? workspace.startsWith(name.slice(0, -1)) : name === workspace));
}

export function mayDo(scopes: readonly Scope[], scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

export function hasExpired({ expiresAt }: Pick<KeyRecord, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
