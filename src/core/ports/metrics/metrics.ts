/** What is measured, for those who watch the gateway. No label holds an id, a name of a workspace or a key. */
export interface Metrics {
  /** In the text format of Prometheus. */
  read(): Promise<MetricsText>;
  /** An answer of the HTTP API. */
  answered(answer: Answered): void;
}

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

export interface Answered {
  readonly method: string;
  /** As it is written, `/status/:requestId`; null for a path that is none. */
  readonly route: string | null;
  readonly status: number;
  readonly ms: number;
}
