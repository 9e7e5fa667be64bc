import { Value } from 'typebox/value';
import { StreamFrame, type StreamWish } from './stream-schemas.ts';
import { readJson } from '../answers/json/parse-json.ts';

/** The first frame of a client, which says what it wants. Reasons fit into a close frame: 123 bytes. */
export type FirstFrame =
  | { readonly kind: 'follow'; readonly wish: StreamWish }
  /** Ends the connection with this code and reason. */
  | { readonly kind: 'wrong'; readonly code: 1007 | 1008; readonly reason: string };

export function parseFirstFrame(text: string): FirstFrame {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'wrong', code: 1007, reason: 'a text frame must be a JSON object' };
  if (Value.Check(StreamFrame, value)) return { kind: 'follow', wish: value };
  const [first] = Value.Errors(StreamFrame, value);
  const known = Object.keys(StreamFrame.properties);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  const wrong = unknown === undefined ? (first?.instancePath.slice(1) ?? '') : unknown;
  return { kind: 'wrong', code: 1008, reason: `${wrong.slice(0, 40)} is wrong or unknown: see docs/streams.md` };
}
