/** The part of autocannon that is used here; it ships no types. */
declare module 'autocannon' {
  function autocannon(options: autocannon.Options): autocannon.Run;

  namespace autocannon {
    interface Options {
      readonly url: string;
      readonly connections: number;
      /** Seconds. */
      readonly duration: number;
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly requests?: readonly { readonly path: string }[];
      readonly setupClient?: (client: { setBody(body: string): void }) => void;
    }

    interface Result {
      readonly '2xx': number;
      readonly non2xx: number;
      readonly errors: number;
      /** Seconds. */
      readonly duration: number;
      /** Milliseconds. */
      readonly latency: { readonly p50: number; readonly p99: number };
    }

    interface Run extends Promise<Result> {
      stop(): void;
    }
  }

  export = autocannon;
}
