import type { Config } from '../config/config.ts';
import type { Log } from '../core/ports/log.ts';
import type { ChatNetwork } from '../core/ports/gateway/chats.ts';
import { clock } from './clock.ts';

/** Null when it is not configured; nothing of it is loaded then. */
export async function openTelegram({ telegram, deliveries }: Config, log: Log): Promise<ChatNetwork | null> {
  if (telegram === null) return null;
  const { createTelegram } = await import('../transports/telegram/telegram.ts');
  const { token, apiRoot, access, pace } = telegram;
  const { pauseAfterMs } = deliveries;
  const options = { token, apiRoot, communities: access.communities, pauseAfterMs, pace, now: clock.now, log };
  return createTelegram(options);
}
