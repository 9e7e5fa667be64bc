import type { Config } from '../config/config.ts';
import type { Log } from '../core/ports/log.ts';
import type { ChatNetwork } from '../core/ports/gateway/chats.ts';
import { clock } from './clock.ts';

/** Null when it is not configured; nothing of it is loaded then. */
export async function openDiscord({ discord, deliveries }: Config, log: Log): Promise<ChatNetwork | null> {
  if (discord === null) return null;
  const { createDiscord } = await import('../transports/discord/discord.ts');
  const { token, apiRoot, access, tasksChannel, paceMs } = discord;
  const { pauseAfterMs } = deliveries;
  const known = { token, apiRoot, guilds: access.communities, tasksChannel, paceMs };
  const options = { ...known, pauseAfterMs, now: clock.now, log };
  return createDiscord(options);
}
