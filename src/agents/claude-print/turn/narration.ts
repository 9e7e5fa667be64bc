import type { Notice } from '../../../core/ports/agent.ts';
import { createToldTools } from '../../program/telling/told-tools.ts';
import { createVoice } from '../../program/telling/voice.ts';
import type { Piece, ToolResult, WholeMessage } from '../stream/line.ts';
import { createKnown } from './known.ts';
import { createPace } from './pace.ts';

/** Tells what the agent says and does in a turn: each piece of its text and each use of a tool, once. */
export interface Narration {
  hearPiece(piece: Piece): void;
  hearBlocks(message: WholeMessage): void;
  hearResults(results: readonly ToolResult[]): void;
  /** An earlier process told this much of what is heard again now. */
  restore(told: readonly Notice[]): void;
  /** All that was said, one text for each message; null when nothing was. */
  said(): string | null;
  /** The turn is over. */
  close(): void;
}

export function narrate(noticed: (notice: Notice) => void): Narration {
  const voice = createVoice(noticed);
  const tools = createToldTools(noticed);
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

  /** What of a block did not stream. */
  function complete(message: WholeMessage, text: string): void {
    const isStreaming = message.id === id;
    if (!isStreaming) begin(message.id);
    if (text.startsWith(block)) say(text.slice(block.length));
    beginBlock();
    if (!isStreaming) end();
  }

  return {
    hearPiece(piece) {
      switch (piece.of) {
        case 'message':
          return begin(piece.id);
        case 'block':
          return beginBlock();
        case 'text':
          block += piece.text;
          return say(piece.text);
        case 'end':
          return end();
      }
    },
    hearBlocks(message) {
      // What the CLI says in the model's place is the end, and told as that.
      if (message.error !== null) return;
      if (message.text !== null && message.subagent === null) complete(message, message.text);
      for (const use of message.uses) {
        pace.flush();
        tools.start(use.id, use.tool, use.input, message.subagent);
      }
    },
    hearResults(results) {
      for (const { id: use, ok } of results) tools.end(use, ok, null);
    },
    restore(told) {
      known.restore(told);
      tools.restore(told);
    },
    said: () => (messages.size === 0 ? null : [...messages.values()].join('\n\n')),
    close: () => pace.flush(),
  };
}
