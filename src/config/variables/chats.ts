import * as kinds from '../kinds.ts';
import { variable } from '../variable.ts';

const DAY_MS = 86_400_000;
const secret = { secret: true } as const;

/** Who is told: webhooks and chat networks. */
export const CHATS = {
  WEBHOOK_SECRET: variable(
    kinds.webhookSecrets,
    null,
    'Signs what replyTo sends to webhooks: whsec_ and base64 of 24 to 64 bytes, two by a comma while receivers change over; unset: one is generated and kept in DATA_DIR/webhook-secret.',
    secret,
  ),
  WEBHOOK_ALLOW_PRIVATE: variable(
    kinds.networks,
    null,
    'Networks (CIDR, by commas) that webhooks may reach beside public ones, plain http there only.',
  ),
  WEBHOOK_TIMEOUT_MS: variable(
    kinds.integer(100, 120_000),
    '15000',
    'How long a receiver may take to answer a webhook, in milliseconds.',
  ),
  WEBHOOK_RETRY_MS: variable(
    kinds.durations,
    '5000,300000,1800000,7200000,18000000,36000000,50400000,72000000,86400000',
    'Waits between attempts at a receiver that fails, in milliseconds, by commas; the last one repeats.',
  ),
  DELIVERY_GIVE_UP_MS: variable(
    kinds.integer(1_000, 30 * DAY_MS),
    '345600000',
    'What an address has not taken for so long is given up, in milliseconds.',
  ),
  DELIVERY_PAUSE_AFTER_MS: variable(
    kinds.integer(1_000, 30 * DAY_MS),
    '259200000',
    'An address that fails for so long is tried seldom, and /health says so, in milliseconds.',
  ),
  TELEGRAM_BOT_TOKEN: variable(
    kinds.credential,
    null,
    'Token of the Telegram bot (@BotFather); unset: no Telegram.',
    secret,
  ),
  TELEGRAM_API_ROOT: variable(
    kinds.url,
    'https://api.telegram.org',
    'Address of Telegram’s bot API, for a server of your own.',
  ),
  ALLOWED_CHATS: variable(
    kinds.ids,
    null,
    'Telegram chats that may speak to agents, by commas; in the first one new tasks get their topics. Unset: none.',
  ),
  TELEGRAM_ALLOWED_USERS: variable(
    kinds.ids,
    null,
    'Telegram users who may speak to agents, by commas. Unset: nobody.',
  ),
  TELEGRAM_APPROVERS: variable(kinds.ids, null, 'Telegram users who may decide approvals, by commas. Unset: nobody.'),
  TELEGRAM_PRIVATE_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '1100',
    'From one message to the next in a private chat of Telegram, in milliseconds.',
  ),
  TELEGRAM_GROUP_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '3100',
    'From one message to the next in a group of Telegram, all its topics together, in milliseconds; decisions go sooner.',
  ),
  DISCORD_BOT_TOKEN: variable(kinds.credential, null, 'Token of the Discord bot; unset: no Discord.', secret),
  DISCORD_API_ROOT: variable(
    kinds.url,
    'https://discord.com/api',
    'Address of Discord’s API, for a server of your own.',
  ),
  DISCORD_ALLOWED_GUILDS: variable(
    kinds.ids,
    null,
    'Discord servers that may speak to agents, by commas. Unset: none.',
  ),
  DISCORD_ALLOWED_USERS: variable(kinds.ids, null, 'Discord users who may speak to agents, by commas. Unset: nobody.'),
  DISCORD_APPROVERS: variable(kinds.ids, null, 'Discord users who may decide approvals, by commas. Unset: nobody.'),
  DISCORD_TASKS_CHANNEL: variable(
    kinds.channel,
    'tasks',
    'Name of the Discord channel in which new tasks get their threads.',
  ),
  DISCORD_PACE_MS: variable(
    kinds.integer(1, 60_000),
    '1500',
    'From one message or edit to the next in a channel or thread of Discord, in milliseconds.',
  ),
  CHAT_FILE_MAX_BYTES: variable(
    kinds.integer(0, 52_428_800),
    '20971520',
    'Largest file that is taken from a chat, in bytes; Telegram hands out up to 20 MB. 0: none.',
  ),
} as const;
