import type { Notice } from '../../../core/ports/agent.ts';
import { createToldTools } from '../../program/telling/told-tools.ts';
import type { Piece, ToolResult, WholeMessage } from '../stream/line.ts';
import { createToldText } from './told-text.ts';

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
  const text = createToldText(noticed);
  const tools = createToldTools(noticed);
  return {
    hearPiece: (piece) => text.hearPiece(piece),
    hearBlocks(message) {
      // What the CLI says in the model's place is the end, and told as that.
      if (message.error !== null) return;
      if (message.text !== null && message.subagent === null) text.hearBlock(message.id, message.text);
      if (message.uses.length > 0) text.flush();
      for (const use of message.uses) tools.start(use.id, use.tool, use.input, message.subagent);
    },
    hearResults(results) {
      for (const { id, ok } of results) tools.end(id, ok, null);
    },
    restore(told) {
      text.restore(told);
      tools.restore(told);
    },
    said: () => text.said(),
    close: () => text.flush(),
  };
}
