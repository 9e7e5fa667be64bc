import type { Update } from 'telegraf/types';
import { GatewayError } from '../../../core/model/errors.ts';
import type { ChatFile, ChatReply, ChatsApi } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { TelegramClient } from '../api/client.ts';
import { joinAlbums } from './albums.ts';
import { type NamedFile, toChatFile } from './files.ts';
import { createBackoff, pause } from './pause.ts';
import { chatOf, type Heard, readUpdate } from './read-update.ts';

export interface HearDeps {
  readonly chats: ChatsApi;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly botName: string;
  readonly client: TelegramClient;
  /** Says it to whoever spoke or pressed. Does not reject, and holds up nobody. */
  readonly answer: (heard: Heard, reply: ChatReply | null) => void;
  readonly membershipChanged: (chat: string) => void;
}

const RETRY_MS = 500;
const RETRY_MAX_MS = 10_000;
/** What fails again and again for no reason that is known would stop everything. */
const TRIES = 5;

/** In order within one chat, chats beside one another. False: the signal aborted before all were handled. */
export async function hear(deps: HearDeps, updates: readonly Update[]): Promise<boolean> {
  const { botName } = deps;
  const toFile = (file: NamedFile): ChatFile => toChatFile(deps, file);
  const heard = updates.flatMap((update) => readUpdate(update, { botName, toFile }) ?? []);
  const handled = await Promise.all(
    [...Map.groupBy(heard, chatOf).values()].map(async (inChat) => {
      for (const one of joinAlbums(inChat)) if (!(await hearOne(deps, one))) return false;
      return true;
    }),
  );
  return handled.every(Boolean);
}

/** Tries until it is on disk. */
async function hearOne(deps: HearDeps, heard: Heard): Promise<boolean> {
  const { log, signal, answer } = deps;
  const backoff = createBackoff(RETRY_MS, RETRY_MAX_MS);
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      answer(heard, await hand(deps, heard));
      return true;
    } catch (error) {
      // Also while the gateway stops: the next process gets it.
      const isPassing = error instanceof GatewayError && ['storage_unavailable', 'draining'].includes(error.code);
      const fields = { kind: heard.kind, error: String(error) };
      if (!isPassing && tries >= TRIES) {
        log.error(fields, 'telegram.update_dropped');
        return true;
      }
      if (tries === 1) log.warn(fields, 'telegram.update_waits');
      await pause(backoff.next(), signal);
    }
  }
  return false;
}

async function hand({ chats, membershipChanged }: HearDeps, heard: Heard): Promise<ChatReply | null> {
  switch (heard.kind) {
    case 'said':
      return chats.said(heard.message);
    case 'edited':
      return chats.edited(heard.message);
    case 'pressed':
      return chats.pressed(heard.press);
    case 'membership':
      membershipChanged(heard.chat);
      return null;
  }
}
