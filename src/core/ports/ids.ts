export interface Ids {
  /** `req-<base36 time>-<random>`: unique, not guessable. */
  requestId(): string;
  /** `apr-<base36 time>-<random>`, likewise. */
  approvalId(): string;
}
