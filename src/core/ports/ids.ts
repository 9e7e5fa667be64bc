export interface Ids {
  /** `req-<base36 time>-<random>`: unique, not guessable. */
  requestId(): string;
  /** `apr-<base36 time>-<random>`, likewise. */
  approvalId(): string;
  /** `whk-<base36 time>-<random>`, likewise. */
  webhookId(): string;
  /** A new secret of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
  webhookSecret(): string;
}
