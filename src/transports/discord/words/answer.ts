import { sayTooMany } from '../../../core/model/files/attached.ts';
import type { RequestRecord } from '../../../core/model/request.ts';
import { cut } from '../../../core/model/words/cut.ts';
import { isQuietEnd } from '../../../core/model/words/quiet-end.ts';
import type { DueDelivery } from '../../../core/ports/transport.ts';
import { findFiles } from '../../markdown/attached-files.ts';
import { toDiscord } from '../../markdown/discord.ts';
import { tooLong } from '../../markdown/too-long.ts';
import { createRendered } from '../../markdown/rendered.ts';
import type { Body } from '../api.ts';
import { toEnd } from './progress.ts';
import { bare, quoted, TEXT_MAX } from './text.ts';

/** Of an answer; a longer one comes as a file beside. */
const PIECES_MAX = 9;
export const FILE_MAX_BYTES = 10 * 1_048_576;

/** A message, or a file of the workspace. */
export type AnswerPart = Body | { readonly path: string };

export type ToAnswer = (delivery: DueDelivery) => readonly AnswerPart[];

/** The messages that an answer becomes. They depend on nothing that changes, so a later attempt finds the same ones. */
export function createToAnswer(): ToAnswer {
  const rendered = createRendered<readonly AnswerPart[]>();
  return ({ request, event }) => (request === null ? [{ content: event.type }] : rendered.of(request, toParts));
}

function toParts(request: RequestRecord): readonly AnswerPart[] {
  if (isQuietEnd(request)) return [];
  const { text, paths, tooMany } = findFiles(request);
  const attached = [...paths.map((path) => ({ path })), ...sayTooMany(tooMany).map((content) => ({ content }))];
  const parts = [...(text.trim() === '' ? [] : toPieces(text.trimEnd())), ...attached];
  if (request.state !== 'completed') return [...parts, { content: toEnd(request) }];
  return parts.length === 0 ? [{ content: 'Done, without a text.' }] : parts;
}

function toPieces(text: string): readonly Body[] {
  const pieces = toDiscord(text, TEXT_MAX);
  const long = tooLong(text, pieces, PIECES_MAX);
  if (long === null) return pieces.map((content) => ({ content }));
  const { name } = long.file;
  const bytes = Buffer.from(long.file.text);
  const fits = bytes.length <= FILE_MAX_BYTES;
  const file = { name, bytes: fits ? bytes : bytes.subarray(0, FILE_MAX_BYTES - 4) };
  const content = fits ? 'The whole answer:' : 'The answer, as much of it as Discord takes; the whole is in the API:';
  return [...long.first.map((piece) => ({ content: piece })), { content, file }];
}

/** What somebody else gave to this thread. */
export function toPrompt({ request, event }: DueDelivery): Body {
  if (request === null) return { content: event.type };
  const head = `📥 **A task**, by ${bare(request.source, 20)}`;
  return { content: cut(`${head}\n${quoted(request.prompt, TEXT_MAX - head.length - 1)}`, TEXT_MAX) };
}
