import type { ChatNetwork } from '../../core/ports/gateway/chats.ts';
import type { Log } from '../../core/ports/log.ts';
import { createDiscordApi } from './api.ts';
import { type DiscordListener, openDiscordListener } from './listener.ts';
import { createDiscordTransport } from './transport.ts';

export interface DiscordOptions {
  readonly token: string;
  readonly apiRoot: string;
  /** The servers that are spoken to; new tasks get their threads in the first one. */
  readonly guilds: readonly string[];
  /** Name of the channel in which they get them. */
  readonly tasksChannel: string;
  readonly pauseAfterMs: number;
  readonly now: () => number;
  readonly log: Log;
  /** Between two messages in one channel. */
  readonly paceMs?: number;
  /** Before another try of what failed. */
  readonly retryMs?: number;
}

/** Longer than Discord takes for a file of 10 MB. */
const CALL_TIMEOUT_MS = 30_000;

export function createDiscord(options: DiscordOptions): ChatNetwork {
  const api = createDiscordApi({ ...options, timeoutMs: CALL_TIMEOUT_MS });
  let listener: DiscordListener | null = null;
  const transport = createDiscordTransport({ ...options, api });
  return {
    transport: { ...transport, problems: () => listener?.problems() ?? ['Discord: not connected yet'] },
    listen(chats, register, threads) {
      listener = openDiscordListener({ ...options, api, chats, register, threads });
      return listener;
    },
    close: () => api.close(),
  };
}
