/** Where a gateway is, and who asks. */
export interface Door {
  /** As `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Null where authentication is off. */
  readonly key: string | null;
}
