import type { Notice } from '../../../core/ports/agent.ts';
import { createVoice } from '../../program/telling/voice.ts';
import type { Piece } from '../stream/line.ts';
import { createKnown } from './known.ts';
import { createPace } from './pace.ts';

/** What the agent says in a turn: each piece of its text is told once. */
export interface ToldText {
  hearPiece(piece: Piece): void;
  /** A block of a message, when it is complete. */
  hearBlock(messageId: string, text: string): void;
  /** An earlier process told this much. */
  restore(told: readonly Notice[]): void;
  /** All that was said, one text for each message; null when nothing was. */
  said(): string | null;
  /** Tells what waits. */
  flush(): void;
}

export function createToldText(noticed: (notice: Notice) => void): ToldText {
  const voice = createVoice(noticed);
  const known = createKnown();
  const messages = new Map<string, string>();
  let id = '';
  /** Of the block that streams. */
  let block = '';
  /** Between two texts of one message. */
  let gap = '';
  const pace = createPace((text) => voice.say(id, text, false));

  function say(text: string): void {
    if (text === '') return;
    const more = gap + text;
    gap = '';
    messages.set(id, (messages.get(id) ?? '') + more);
    const fresh = known.cut(id, more);
    if (fresh !== '') pace.add(fresh);
  }

  function begin(next: string): void {
    pace.flush();
    id = next;
    beginBlock();
  }

  function beginBlock(): void {
    block = '';
    gap = messages.has(id) ? '\n' : '';
  }

  function end(): void {
    pace.flush();
    if (messages.has(id) && !known.isWhole(id)) voice.say(id, '', true);
  }

  return {
    hearPiece(piece) {
      if (piece.of === 'message') begin(piece.id);
      if (piece.of === 'block') beginBlock();
      if (piece.of === 'end') end();
      if (piece.of !== 'text') return;
      block += piece.text;
      say(piece.text);
    },
    hearBlock(messageId, text) {
      const isStreaming = messageId === id;
      if (!isStreaming) begin(messageId);
      // The rest of what streamed, or all of what did not.
      if (text.startsWith(block)) say(text.slice(block.length));
      beginBlock();
      if (!isStreaming) end();
    },
    restore: (told) => known.restore(told),
    said: () => (messages.size === 0 ? null : [...messages.values()].join('\n\n')),
    flush: () => pace.flush(),
  };
}
