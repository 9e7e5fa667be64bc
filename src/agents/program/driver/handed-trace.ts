import type { TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { TraceFiles } from '../files/trace-files.ts';

export interface HandedTraceParts {
  readonly files: { readonly trace: Pick<TraceFiles, 'put'> };
  readonly workspace: string;
  readonly log: Log;
}

/** Tells the shells of one agent which trace its turn belongs to. */
export interface HandedTrace {
  /** From the moment at which the prompt goes in until the turn is over. */
  during(
    traceparent: string | null,
    observer: TurnObserver,
    run: (observer: TurnObserver) => Promise<TurnEnd>,
  ): Promise<TurnEnd>;
}

export function createHandedTrace({ files, workspace, log }: HandedTraceParts): HandedTrace {
  /** What they find now; undefined: what an earlier process left there. */
  let handed: string | null | undefined;

  async function hand(traceparent: string | null): Promise<void> {
    if (traceparent === handed) return;
    try {
      await files.trace.put(workspace, traceparent);
      handed = traceparent;
    } catch (error) {
      // No reason to fail a turn.
      handed = undefined;
      log.warn({ workspace, error: String(error) }, 'trace.not_handed_over');
    }
  }

  return {
    async during(traceparent, observer, run) {
      async function submitting(): Promise<void> {
        await hand(traceparent);
        await observer.submitting();
      }
      try {
        return await run({ ...observer, submitting });
      } finally {
        // What a person asks next at the terminal belongs to no trace.
        await hand(null);
      }
    },
  };
}
