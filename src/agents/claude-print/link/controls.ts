import { randomUUID } from 'node:crypto';
import { settlesWithin } from '../../../lib/settles-within.ts';
import type { Line } from '../stream/line.ts';
import { toRequest } from '../stream/words.ts';

type Answer = Line & { readonly kind: 'answers' };

/** Requests of ours to the agent beside its prompts. */
export interface Controls {
  /** Its answer; null when none comes in time, or when the signal aborts. */
  ask(signal: AbortSignal, subtype: string, fields?: object): Promise<Answer | null>;
  hear(answer: Answer): void;
}

const ANSWER_MS = 5_000;

export function createControls(say: (line: string) => Promise<void>): Controls {
  const waiting = new Map<string, (answer: Answer) => void>();
  return {
    async ask(signal, subtype, fields) {
      const requestId = randomUUID();
      const told = Promise.withResolvers<Answer>();
      waiting.set(requestId, told.resolve);
      try {
        await say(toRequest(requestId, subtype, fields));
        return (await settlesWithin(told.promise, ANSWER_MS, signal)) ? await told.promise : null;
      } finally {
        waiting.delete(requestId);
      }
    },
    hear: (answer) => waiting.get(answer.requestId)?.(answer),
  };
}
