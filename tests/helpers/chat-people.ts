import { openDiscordServer, type DiscordServer } from './discord-server/server.ts';
import type { DiscordUser } from './discord-server/world.ts';
import { GROUP, openTelegramServer, type TelegramServer, TOKEN } from './telegram-server/telegram-server.ts';

/** May speak and decide in both networks. */
export const ANN = { telegram: 42, discord: { id: '80351110224678912', username: 'ann', bot: false } as DiscordUser };
export const EVE = { telegram: 43, discord: { id: '80351110224678913', username: 'eve', bot: false } as DiscordUser };

/** Both networks on loopback, each with a place for tasks. */
export interface ChatNetworks extends AsyncDisposable {
  readonly telegram: TelegramServer;
  readonly discord: DiscordServer;
  /** Settings of a gateway that Ann may use in both. */
  readonly env: Readonly<Record<string, string>>;
}

export async function openChatNetworks(): Promise<ChatNetworks> {
  const telegram = await openTelegramServer();
  telegram.chat(GROUP, { isForum: true, mayManageTopics: true });
  const discord = await openDiscordServer();
  return {
    telegram,
    discord,
    env: {
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
      ALLOWED_CHATS: String(GROUP),
      TELEGRAM_ALLOWED_USERS: String(ANN.telegram),
      TELEGRAM_APPROVERS: String(ANN.telegram),
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_ROOT: discord.apiRoot,
      DISCORD_ALLOWED_GUILDS: discord.world.guildId,
      DISCORD_ALLOWED_USERS: ANN.discord.id,
      DISCORD_APPROVERS: ANN.discord.id,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([telegram.close(), discord.close()]);
    },
  };
}
