import { TERMINAL_BOUNDS, type TerminalSize } from '../../core/ports/terminal.ts';
import type { TerminalExit } from '../../core/ports/terminal.ts';
import { readJson } from '../answers/json/parse-json.ts';

/** What the gateway says in text frames; the output of the terminal comes in binary ones. */
export type ServerMessage =
  | { readonly type: 'opened'; readonly readOnly: boolean; readonly columns: number; readonly rows: number }
  /** So many bytes of keys were handed to the terminal since it opened: to those who ask for it. */
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'exited'; readonly reason: TerminalExit };

/** What a client may say in text frames; keys come in binary ones. */
export type ClientMessage =
  | { readonly type: 'resize'; readonly size: TerminalSize }
  /** Ends the connection with this code and reason. */
  | { readonly type: 'wrong'; readonly code: 1007 | 1008; readonly reason: string };

/** Reasons fit into a close frame: 123 bytes. */
export function parseClientMessage(text: string): ClientMessage {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null) return wrong(1007, 'a text frame must be a JSON object');
  const { type, columns, rows, ...others } = value as Readonly<Record<string, unknown>>;
  if (type !== 'resize') return wrong(1008, 'type must be resize');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return wrong(1008, 'resize has columns and rows, and nothing else');
  const { min, max } = TERMINAL_BOUNDS;
  if (!isBetween(columns, min.columns, max.columns))
    return wrong(1008, `columns must be from ${min.columns} to ${max.columns}`);
  if (!isBetween(rows, min.rows, max.rows)) return wrong(1008, `rows must be from ${min.rows} to ${max.rows}`);
  return { type, size: { columns, rows } };
}

function wrong(code: 1007 | 1008, reason: string): ClientMessage {
  return { type: 'wrong', code, reason };
}

function isBetween(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}
