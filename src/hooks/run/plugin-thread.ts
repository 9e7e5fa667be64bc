import { Worker } from 'node:worker_threads';
import { endBelowThread } from '../../lib/end-tree.ts';
import {
  COMPLAINT_MAX_BYTES,
  OUTPUT_MAX_BYTES,
  type RunEnd,
  type RunOrder,
  TOO_MUCH,
  toComplaint,
  tooLate,
} from './order.ts';

/** A plugin in a thread of its own. One call at a time. */
export interface PluginThread {
  /** False: it has ended, and takes no more calls. */
  isAlive(): boolean;
  run(order: RunOrder, signal: AbortSignal): Promise<RunEnd>;
  /** With all that it started: a thread that waits for a program of its own ends only with that, and so does the process. */
  end(): void;
}

/** What a thread gets at its start. */
export interface PluginSeat {
  readonly ref: string;
  /** Its number, where the system tells it; 0 until then. */
  readonly tid: Int32Array;
}

const MEMORY_MAX_MB = 256;

/** @throws Error when there can be no such thread. */
export function startPluginThread(ref: string, env: Readonly<Record<string, string>>): PluginThread {
  const seat = { ref, tid: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
  const worker = startWorker(seat, env);
  let isOver = false;
  worker.once('exit', () => (isOver = true));
  worker.on('error', () => (isOver = true));

  function end(): void {
    if (isOver) return;
    isOver = true;
    endBelowThread(Atomics.load(seat.tid, 0), () => void worker.terminate());
  }

  return {
    isAlive: () => !isOver,
    end,
    run({ event, input, timeoutMs }, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<RunEnd>();
      const fail = (why: string, complaint = ''): void =>
        resolve({ kind: 'failed', why, complaint: complaint.slice(0, COMPLAINT_MAX_BYTES) });
      const late = setTimeout(() => {
        end();
        fail(tooLate(timeoutMs));
      }, timeoutMs);
      const listeners = {
        message: (word: unknown) => {
          if (isEnd(word)) return resolve(toBounded(word));
          end();
          fail('said what is no answer');
        },
        error: (error: unknown) => fail('crashed', toComplaint(error)),
        exit: (code: number) => fail(`ended its thread with ${code}`),
      };
      const give = (): void => {
        end();
        reject(signal.reason as Error);
      };
      worker.ref();
      worker.once('message', listeners.message).once('error', listeners.error).once('exit', listeners.exit);
      signal.addEventListener('abort', give, { once: true });
      if (signal.aborted) give();
      else worker.postMessage({ event, input });
      return promise.finally(() => {
        clearTimeout(late);
        signal.removeEventListener('abort', give);
        worker.off('message', listeners.message).off('error', listeners.error).off('exit', listeners.exit);
        worker.unref();
      });
    },
  };
}

function startWorker(seat: PluginSeat, env: Readonly<Record<string, string>>): Worker {
  const worker = new Worker(workerFile(), {
    workerData: seat,
    env: { ...env },
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
  });
  // What it prints is not what it says; its pipes must not fill up.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();
  return worker;
}

/** A plugin may say anything to the one that started its thread. */
function isEnd(word: unknown): word is RunEnd {
  if (typeof word !== 'object' || word === null) return false;
  const { kind, text, why, complaint } = word as Readonly<Record<string, unknown>>;
  const what = kind === 'done' ? text : kind === 'failed' ? why : null;
  return typeof what === 'string' && typeof complaint === 'string';
}

function toBounded(word: RunEnd): RunEnd {
  const complaint = word.complaint.slice(0, COMPLAINT_MAX_BYTES);
  if (word.kind === 'done' && Buffer.byteLength(word.text) > OUTPUT_MAX_BYTES)
    return { kind: 'failed', why: TOO_MUCH, complaint };
  return { ...word, complaint };
}

/** The file beside this one, in whichever language both are. */
function workerFile(): URL {
  return new URL(`plugin-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}
