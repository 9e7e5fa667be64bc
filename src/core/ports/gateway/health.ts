/** How the gateway is. */
export interface HealthApi {
  check(): Promise<Health>;
  /** False before recovery is done and while draining. */
  isReady(): boolean;
  /** It is ready, and its disk takes what is accepted. */
  takesWork(): Promise<boolean>;
}

export interface Health {
  readonly status: 'healthy' | 'degraded';
  /** Epoch milliseconds; the HTTP API prints it as seed 003 does, in ISO 8601. */
  readonly timestamp: number;
  readonly checks: {
    readonly tmuxServer: HealthCheck;
    readonly sessions: HealthCheck;
    readonly filesystem: HealthCheck;
    readonly gateway: HealthCheck;
    readonly store: HealthCheck;
    readonly agent: HealthCheck;
  };
}

export interface HealthCheck {
  readonly healthy: boolean;
  readonly [detail: string]: unknown;
}
