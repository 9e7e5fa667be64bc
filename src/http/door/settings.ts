/** A caller's key, as it is stored: the key itself is known to the caller alone. */
export interface ApiKey {
  /** Names the key in identities, rate limits and logs. */
  readonly id: string;
  /** SHA-256 of the key's UTF-8 bytes. */
  readonly sha256: Buffer;
}

export interface HttpSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Shares the port with other sockets of this user (SO_REUSEPORT). */
  readonly reusePort?: boolean;
  /** Names by which it may be called, in lower case, beside addresses and those of this machine. */
  readonly hosts: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly auth: boolean;
  readonly keys: readonly ApiKey[];
  /** Requests in a window, per key, or per address without a valid key; 0 is off. */
  readonly rateLimitMax: number;
  readonly rateLimitWindowMs: number;
  /** `['*']` allows any origin, `[]` none. */
  readonly corsOrigins: readonly string[];
  /** In which the tasks of the bot run. */
  readonly botWorkspace: string;
  /** From the claim to the deadline, for requests that name no `timeoutMs`. */
  readonly defaultTimeoutMs: number;
}
