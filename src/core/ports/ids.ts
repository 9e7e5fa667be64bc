export interface Ids {
  /** `req-<base36 time>-<random>`: unique, not guessable. */
  requestId(): string;
  /** `apr-<base36 time>-<random>`, likewise. */
  approvalId(): string;
  /** `whk-<base36 time>-<random>`, likewise. */
  webhookId(): string;
  /** 32 digits in hex, not all 0. */
  traceId(): string;
  /** 16 digits in hex, not all 0. */
  spanId(): string;
  /** A new secret of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
  webhookSecret(): string;
  /** A new key, `gh_<id>_<secret>`, for a new id or another one for this. */
  apiKey(id?: string): MadeKey;
}

export interface MadeKey {
  readonly key: string;
  /** Letters and digits, unique. */
  readonly id: string;
  /** Of the whole key, in hex. */
  readonly sha256: string;
}
