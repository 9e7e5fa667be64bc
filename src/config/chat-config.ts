import type { ChatAccess } from '../core/model/chat.ts';
import type { Values } from './env.ts';

/** A bot of a chat network. */
export interface ChatConfig {
  readonly token: string;
  readonly apiRoot: string;
  readonly access: ChatAccess;
}

export interface TelegramConfig extends ChatConfig {
  readonly pace: { readonly privateMs: number; readonly groupMs: number };
}

export interface DiscordConfig extends ChatConfig {
  readonly tasksChannel: string;
  readonly paceMs: number;
}

export function toTelegram(values: Values): TelegramConfig | null {
  const chat = toChat(values.TELEGRAM_BOT_TOKEN, values.TELEGRAM_API_ROOT, {
    communities: values.ALLOWED_CHATS ?? [],
    users: values.TELEGRAM_ALLOWED_USERS ?? [],
    approvers: values.TELEGRAM_APPROVERS ?? [],
  });
  const pace = { privateMs: values.TELEGRAM_PRIVATE_PACE_MS, groupMs: values.TELEGRAM_GROUP_PACE_MS };
  return chat === null ? null : { ...chat, pace };
}

export function toDiscord(values: Values): DiscordConfig | null {
  const chat = toChat(values.DISCORD_BOT_TOKEN, values.DISCORD_API_ROOT, {
    communities: values.DISCORD_ALLOWED_GUILDS ?? [],
    users: values.DISCORD_ALLOWED_USERS ?? [],
    approvers: values.DISCORD_APPROVERS ?? [],
  });
  return chat === null ? null : { ...chat, tasksChannel: values.DISCORD_TASKS_CHANNEL, paceMs: values.DISCORD_PACE_MS };
}

function toChat(token: string | null, apiRoot: string, access: ChatAccess): ChatConfig | null {
  return token === null ? null : { token, apiRoot, access };
}
