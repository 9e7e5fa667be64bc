import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';

/** A message as it is shown. */
export interface Message {
  readonly id: string;
  text: string;
  /** The place of the piece that comes next. */
  next: number;
  /** Pieces that overtook it. */
  readonly early: Map<number, HookPayload>;
  isWhole: boolean;
}

export function toMessage(id: string): Message {
  return { id, text: '', next: 0, early: new Map(), isWhole: false };
}

/** Adds a piece to its message. Returns those whose turn has come by that, in their order. */
export function addPiece(message: Message, payload: HookPayload): readonly HookPayload[] {
  const index = payload.index ?? message.next;
  if (message.isWhole || index < message.next) return [];
  message.early.set(index, payload);
  const due: HookPayload[] = [];
  for (let piece = message.early.get(message.next); piece !== undefined; piece = message.early.get(message.next)) {
    message.early.delete(message.next);
    message.next += 1;
    message.text += piece.delta ?? '';
    message.isWhole = piece.final;
    due.push(piece);
  }
  return due;
}

/** The last message of what an earlier process told. */
export function restorePieces(first: Message, told: readonly Notice[]): Message {
  let message = first;
  for (const { type, data } of told) {
    if (type !== 'agent.said') continue;
    if (data['messageId'] !== message.id) message = toMessage(String(data['messageId']));
    message.text += String(data['text']);
    message.isWhole = data['final'] === true;
  }
  return message;
}
