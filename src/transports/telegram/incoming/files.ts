import type { Message } from 'telegraf/types';
import { sayBytes } from '../../../core/model/files/names.ts';
import type { ChatFile, FetchedFile } from '../../../core/ports/gateway/chats.ts';
import type { TelegramClient } from '../api/client.ts';
import { FileTooLargeError, isFileTooBig, TelegramError } from '../api/errors.ts';
import { createBackoff, pause } from './pause.ts';

/** A file of a message, as Telegram names it. */
export interface NamedFile {
  readonly fileId: string;
  readonly name: string;
  /** Null: Telegram does not say. */
  readonly bytes: number | null;
}

export interface FetchDeps {
  readonly client: TelegramClient;
  readonly signal: AbortSignal;
  /** For one file in all, with each of its tries. */
  readonly withinMs?: number;
}

interface TelegramFile {
  readonly file_id: string;
  readonly file_size?: number;
  readonly file_name?: string;
}

const TRIES = 3;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 10_000;
const WITHIN_MS = 60_000;

/** Null where a message has none. What has no name is called after what it is. */
export function findFile(message: Message): NamedFile | null {
  const name = (file: TelegramFile, byDefault: string): NamedFile => ({
    fileId: file.file_id,
    name: file.file_name ?? byDefault,
    bytes: file.file_size ?? null,
  });
  const id = message.message_id;
  if ('document' in message) return name(message.document, `document-${id}`);
  if ('audio' in message) return name(message.audio, `audio-${id}.mp3`);
  if ('voice' in message) return name(message.voice, `voice-${id}.ogg`);
  if ('video' in message) return name(message.video, `video-${id}.mp4`);
  if ('video_note' in message) return name(message.video_note, `video-${id}.mp4`);
  // Of one picture in several sizes, the largest is the last.
  const photo = 'photo' in message ? message.photo.at(-1) : undefined;
  return photo === undefined ? null : name(photo, `photo-${id}.jpg`);
}

export function toChatFile(
  { client, signal, withinMs = WITHIN_MS }: FetchDeps,
  { fileId, name, bytes }: NamedFile,
): ChatFile {
  async function fetchOnce(maxBytes: number, until: AbortSignal): Promise<Uint8Array> {
    const options = { signal: until };
    const { file_path: path = '', file_size: size = 0 } = await client.call('getFile', { file_id: fileId }, options);
    if (size > maxBytes) throw new FileTooLargeError();
    return client.download(path, { ...options, timeoutMs: withinMs, maxBytes });
  }

  return {
    name,
    bytes,
    async fetch(maxBytes): Promise<FetchedFile> {
      const backoff = createBackoff(RETRY_MS, RETRY_MAX_MS);
      const late = AbortSignal.timeout(withinMs);
      const endsAt = performance.now() + withinMs;
      const until = AbortSignal.any([signal, late]);
      for (let tries = 1; ; tries += 1) {
        try {
          return { kind: 'fetched', bytes: await fetchOnce(maxBytes, until) };
        } catch (error) {
          signal.throwIfAborted();
          const why = late.aborted ? TOO_LONG : sayRefusal(error, maxBytes);
          if (why !== null) return { kind: 'failed', why };
          const waitMs = Math.max(backoff.next(), afterMsOf(error));
          if (tries === TRIES || performance.now() + waitMs > endsAt) return { kind: 'failed', why: NOT_FETCHED };
          await pause(waitMs, until);
        }
      }
    },
  };
}

const TOO_LONG = 'takes too long to be fetched from Telegram';
const NOT_FETCHED = 'could not be fetched from Telegram';

const afterMsOf = (error: unknown): number => (error instanceof TelegramError ? (error.afterMs ?? 0) : 0);

/** Null for what may be better next time. */
function sayRefusal(error: unknown, maxBytes: number): string | null {
  if (error instanceof FileTooLargeError) return `is larger than ${sayBytes(maxBytes)}`;
  if (isFileTooBig(error)) return 'is larger than what Telegram hands out to bots (20 MB)';
  if (!(error instanceof TelegramError) || error.code === 429 || error.code >= 500) return null;
  return `could not be fetched (Telegram says: ${error.message})`;
}
