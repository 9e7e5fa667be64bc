/** A key that may use the API; only its digest is kept. */
export interface ApiKey {
  /** Names the key in logs, rate limits and identities; tells nothing of the key. */
  readonly id: string;
  readonly sha256: Buffer;
}

export interface HttpSettings {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  readonly auth: boolean;
  readonly keys: readonly ApiKey[];
  /** Requests for each key in a window; 0 is off. */
  readonly rateLimitMax: number;
  readonly rateLimitWindowMs: number;
  /** `['*']` any, `[]` none. */
  readonly corsOrigins: readonly string[];
  readonly version: string;
}
