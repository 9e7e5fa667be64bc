import type { Notice } from '../../../core/ports/agent.ts';

/** What an earlier process told of texts that are heard from their begin once more. */
export interface Known {
  restore(told: readonly Notice[]): void;
  /** What of the next piece of this message was not told. */
  cut(messageId: string, text: string): string;
  /** Its end was told. */
  isWhole(messageId: string): boolean;
}

export function createKnown(): Known {
  /** By the message: how much of what comes is known. */
  const lengths = new Map<string, number>();
  const whole = new Set<string>();
  return {
    restore(told) {
      for (const { type, data } of told) {
        if (type !== 'agent.said') continue;
        const id = String(data['messageId']);
        lengths.set(id, (lengths.get(id) ?? 0) + String(data['text']).length);
        if (data['final'] === true) whole.add(id);
      }
    },
    cut(id, text) {
      const length = lengths.get(id) ?? 0;
      lengths.set(id, Math.max(0, length - text.length));
      return text.slice(length);
    },
    isWhole: (id) => whole.has(id),
  };
}
