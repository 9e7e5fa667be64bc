import type { RequestRecord } from '../../../core/model/request.ts';
import type { DueDelivery } from '../../../core/ports/transport.ts';
import { toDiscord } from '../../markdown/discord.ts';
import { tooLong } from '../../markdown/fallbacks.ts';
import type { Body } from '../api.ts';
import { bare, cut, quoted, TEXT_MAX } from './text.ts';

/** Of an answer; a longer one comes as a file beside. */
const PIECES_MAX = 9;
const FILE_MAX_BYTES = 10 * 1_048_576;
const ERROR_MAX = 1_500;

/** The messages that an answer becomes. They depend on nothing that changes, so a later attempt finds the same ones. */
export function toAnswer({ request, event }: DueDelivery): readonly Body[] {
  if (request === null) return [{ content: event.type }];
  const text = request.text?.trim() ?? '';
  if (request.state === 'completed') return text === '' ? [{ content: 'Done, without a text.' }] : toPieces(text);
  const end = { content: toEnd(request) };
  return text === '' ? [end] : [...toPieces(text), end];
}

function toPieces(text: string): readonly Body[] {
  const pieces = toDiscord(text, TEXT_MAX);
  const long = tooLong(text, pieces, PIECES_MAX);
  if (long === null) return pieces.map((content) => ({ content }));
  const bytes = Buffer.from(long.file.text);
  const fits = bytes.length <= FILE_MAX_BYTES;
  const file = fits ? long.file : { ...long.file, text: bytes.subarray(0, FILE_MAX_BYTES - 4).toString() };
  const content = fits ? 'The whole answer:' : 'The answer, as much of it as Discord takes; the whole is in the API:';
  return [...long.first.map((piece) => ({ content: piece })), { content, file }];
}

function toEnd({ id, state, reason, error }: RequestRecord): string {
  const why = error ?? reason;
  const because = why === null ? '' : `: ${bare(why, ERROR_MAX)}`;
  switch (state) {
    case 'failed':
      return `❌ Failed${because}`;
    case 'timed_out':
      return `❌ Out of time${because}`;
    case 'cancelled':
      return `🚫 Cancelled${because}`;
    case 'completed':
    case 'queued':
    case 'running':
      return id;
  }
}

/** What somebody else gave to this thread. */
export function toPrompt({ request, event }: DueDelivery): Body {
  if (request === null) return { content: event.type };
  const head = `📥 **A task**, by ${bare(request.source, 20)}`;
  return { content: cut(`${head}\n${quoted(request.prompt, TEXT_MAX - head.length - 1)}`, TEXT_MAX) };
}
