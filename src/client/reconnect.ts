import { setTimeout as delay } from 'node:timers/promises';
import type { components } from './api.ts';

type Problem = components['schemas']['Problem'];

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const GIVE_UP_MS = 60_000;

/** Refused for good: to come again would change nothing. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  /** As in problems; absent where there was none. */
  readonly code: Problem['code'] | undefined;
  constructor(status: number, detail: string, code?: Problem['code']) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** The pauses between one attempt and the next. */
export interface Pauses {
  /** One attempt was answered. */
  reset(): void;
  /** Waits. Rejects with `error` when nobody has answered for a minute, or when it says so for good. */
  rest(error: unknown, signal: AbortSignal): Promise<void>;
}

export function createPauses(now: () => number = performance.now.bind(performance)): Pauses {
  let pauseMs = FIRST_PAUSE_MS;
  let failingSince: number | null = null;
  return {
    reset() {
      pauseMs = FIRST_PAUSE_MS;
      failingSince = null;
    },
    async rest(error, signal) {
      failingSince ??= now();
      if (error instanceof RefusedError || now() - failingSince > GIVE_UP_MS) throw error;
      await delay(pauseMs, undefined, { signal });
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    },
  };
}

/** @throws RefusedError what this answer says; an Error when it may pass. */
export async function refuse(response: Response): Promise<never> {
  const text = await response.text().catch(() => '');
  const { detail, code } = readProblem(text);
  const said = detail ?? `answered ${response.status}`;
  if (response.status === 429 || response.status >= 500) throw new Error(said);
  throw new RefusedError(response.status, said, code);
}

function readProblem(text: string): Partial<Problem> {
  try {
    const problem = JSON.parse(text) as Partial<Problem> | null;
    return typeof problem?.detail === 'string' ? problem : {};
  } catch {
    return {};
  }
}
