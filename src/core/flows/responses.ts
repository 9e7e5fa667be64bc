import type { FlowParts } from './parts.ts';

/** Writes the answers that are owed as response files, each once. */
export interface Responses {
  /** Something may have become due. */
  look(): void;
  /** Resolves when nothing is written any more. */
  stop(): Promise<void>;
}

/** Of one read of the store. */
const BATCH = 20;
const RETRY_MS = 5_000;

/** What is owed is on disk, so an answer whose writing was cut off is written by the next process. */
export function createResponses({ store, clock, log, responseFiles }: FlowParts): Responses {
  let writing: Promise<void> | null = null;
  let isAsked = false;
  let isStopped = false;
  let callOffRetry = (): void => {};

  function look(): void {
    if (responseFiles === null || isStopped) return;
    isAsked = true;
    callOffRetry();
    writing ??= writeDue();
  }

  async function writeDue(): Promise<void> {
    try {
      while (isAsked) {
        isAsked = false;
        while (await writeBatch());
      }
    } catch (error) {
      log.error({ error: String(error) }, 'response.not_written');
      if (!isStopped) callOffRetry = clock.after(RETRY_MS, look);
    } finally {
      writing = null;
    }
  }

  async function writeBatch(): Promise<boolean> {
    const due = await store.listDueAnswers(BATCH);
    for (const { file, request } of due) {
      if (isStopped) return false;
      await responseFiles?.write(file, request);
      await store.settleAnswer(request.id);
      log.info({ requestId: request.id, state: request.state }, 'response.written');
    }
    return due.length > 0;
  }

  return {
    look,
    async stop() {
      isStopped = true;
      callOffRetry();
      await writing;
    },
  };
}
