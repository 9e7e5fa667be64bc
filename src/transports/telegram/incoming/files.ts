import type { Message } from 'telegraf/types';
import type { ChatFile, FetchedFile } from '../../../core/ports/gateway/chats.ts';
import { fetchFile, type FetchOptions, type NotYet, tooLarge, WITHIN_MS } from '../../chat/fetch-file.ts';
import type { TelegramClient } from '../api/client.ts';
import { FileTooLargeError, isFileTooBig, TelegramError } from '../api/errors.ts';

/** A file of a message, as Telegram names it. */
export interface NamedFile {
  readonly fileId: string;
  readonly name: string;
  /** Null: Telegram does not say. */
  readonly bytes: number | null;
}

export interface FetchDeps extends Pick<FetchOptions, 'signal' | 'withinMs'> {
  readonly client: TelegramClient;
}

interface TelegramFile {
  readonly file_id: string;
  readonly file_size?: number;
  readonly file_name?: string;
}

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

export function toChatFile({ client, ...options }: FetchDeps, { fileId, name, bytes }: NamedFile): ChatFile {
  async function fetchOnce(maxBytes: number, until: AbortSignal): Promise<FetchedFile | NotYet> {
    const call = { signal: until };
    try {
      const { file_path: path = '', file_size: size = 0 } = await client.call('getFile', { file_id: fileId }, call);
      if (size > maxBytes) return tooLarge(maxBytes);
      const timeoutMs = options.withinMs ?? WITHIN_MS;
      return { kind: 'fetched', bytes: await client.download(path, { ...call, timeoutMs, maxBytes }) };
    } catch (error) {
      return toFailure(error, maxBytes);
    }
  }

  return {
    name,
    bytes,
    fetch: (maxBytes) => fetchFile({ ...options, network: 'Telegram' }, (until) => fetchOnce(maxBytes, until)),
  };
}

function toFailure(error: unknown, maxBytes: number): FetchedFile | NotYet {
  if (error instanceof FileTooLargeError) return tooLarge(maxBytes);
  if (isFileTooBig(error)) {
    return { kind: 'failed', why: 'is larger than what Telegram hands out to bots (20 MB)' };
  }
  if (!(error instanceof TelegramError)) return { kind: 'not_yet', afterMs: 0 };
  if (error.code === 429 || error.code >= 500) return { kind: 'not_yet', afterMs: error.afterMs ?? 0 };
  return { kind: 'failed', why: `could not be fetched (Telegram says: ${error.message})` };
}
