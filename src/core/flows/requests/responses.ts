import type { FlowParts } from '../parts.ts';

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
  /** What could not be written at this look does not hold up the rest. */
  const failed = new Set<string>();
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
      failed.clear();
      while (isAsked) {
        isAsked = false;
        while (await writeBatch());
      }
    } catch (error) {
      log.error({ error: String(error) }, 'response.not_looked_for');
      failed.add('');
    } finally {
      writing = null;
    }
    if (failed.size > 0 && !isStopped) callOffRetry = clock.after(RETRY_MS, look);
  }

  async function writeBatch(): Promise<boolean> {
    const listed = await store.listDueAnswers(BATCH + failed.size);
    const due = listed.filter(({ request }) => !failed.has(request.id));
    for (const { file, request } of due) {
      if (isStopped) return false;
      try {
        await responseFiles?.write(file, request);
        await store.settleAnswer(request.id);
        log.info({ requestId: request.id, state: request.state }, 'response.written');
      } catch (error) {
        log.error({ requestId: request.id, error: String(error) }, 'response.not_written');
        failed.add(request.id);
      }
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
