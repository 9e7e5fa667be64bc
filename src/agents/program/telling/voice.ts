import type { Notice } from '../../../core/ports/agent.ts';

/** Tells text, and remembers all that was told. */
export interface Voice {
  readonly told: string;
  say(messageId: string, text: string, final: boolean): void;
  /** An earlier process told this much. */
  restore(told: readonly Notice[]): void;
}

export function createVoice(noticed: (notice: Notice) => void): Voice {
  let told = '';
  return {
    get told() {
      return told;
    },
    say(messageId, text, final) {
      told += text;
      const pieces = cut(text);
      for (const [index, piece] of pieces.entries())
        noticed({ type: 'agent.said', data: { messageId, text: piece, final: final && index === pieces.length - 1 } });
    },
    restore(earlier) {
      for (const { type, data } of earlier) if (type === 'agent.said') told += String(data['text']);
    },
  };
}

/** Readers of events hold many of them in memory. */
const PIECE_MAX = 4_000;

/** Never inside of a character that takes two units. */
function cut(text: string): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > PIECE_MAX) {
    const end = at + PIECE_MAX;
    const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    pieces.push(text.slice(at, isSplit ? end - 1 : end));
    at = isSplit ? end - 1 : end;
  }
  return [...pieces, text.slice(at)];
}
