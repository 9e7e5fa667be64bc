export type Json = Readonly<Record<string, unknown>>;

export interface DiscordUser {
  readonly id: string;
  readonly username: string;
  readonly bot: boolean;
}

export interface DiscordMessage {
  readonly id: string;
  readonly channel_id: string;
  readonly guild_id: string;
  readonly author: Json & DiscordUser;
  readonly content: string;
  readonly edited_timestamp: string | null;
  readonly components: readonly Row[];
  readonly attachments: readonly { readonly id: string; readonly filename: string; readonly size: number }[];
  readonly flags: number;
  readonly [more: string]: unknown;
}

export interface Row {
  readonly type: number;
  readonly components: readonly {
    readonly type: number;
    readonly label: string;
    readonly custom_id: string;
    readonly style: number;
  }[];
}

export interface DiscordChannel {
  readonly id: string;
  readonly guild_id: string;
  /** 0: text; 11: public thread. */
  readonly type: 0 | 11;
  name: string;
  readonly parent_id: string | null;
  readonly owner_id: string | null;
  archived: boolean;
  locked: boolean;
}

export interface DiscordInteraction {
  readonly id: string;
  readonly token: string;
  readonly at: number;
  /** How it was taken; null: not yet. */
  callback: Json | null;
  /** What the one who pressed sees. */
  reply: string | null;
}

/** What Discord knows: one server, its channels, its people and the bot. */
export interface World {
  readonly guildId: string;
  readonly bot: DiscordUser;
  readonly channels: Map<string, DiscordChannel>;
  readonly messages: Map<string, DiscordMessage[]>;
  readonly files: Map<string, string>;
  readonly interactions: DiscordInteraction[];
  commands: readonly Json[];
  /** Of everybody, in the server. */
  permissions: bigint;
  /** The bot was thrown out. */
  kicked: boolean;
  /** Gets what happens. */
  tell: (type: string, data: Json) => void;
  id(): string;
  addChannel(channel: Partial<DiscordChannel> & Pick<DiscordChannel, 'name' | 'type'>): DiscordChannel;
  addMessage(channel: string, author: DiscordUser, more: Json): DiscordMessage;
  changeMessage(message: DiscordMessage, more: Json): DiscordMessage;
  toGuild(): Json;
}

const EPOCH_MS = 1_420_070_400_000;
export const ALL_PERMISSIONS = (1n << 50n) - 1n - (1n << 3n);

export function createWorld(): World {
  let counted = 0n;
  const id = (): string => String((BigInt(Date.now() - EPOCH_MS) << 22n) | (counted++ & 0xfffn));
  const guildId = id();
  const bot: DiscordUser = { id: id(), username: 'gatehouse', bot: true };
  const channels = new Map<string, DiscordChannel>();
  const messages = new Map<string, DiscordMessage[]>();

  const world: World = {
    guildId,
    bot,
    channels,
    messages,
    files: new Map(),
    interactions: [],
    commands: [],
    permissions: ALL_PERMISSIONS,
    kicked: false,
    tell: () => {},
    id,
    addChannel(more) {
      const made = { id: id(), guild_id: guildId, parent_id: null, owner_id: null, archived: false, locked: false };
      const channel: DiscordChannel = { ...made, ...more };
      channels.set(channel.id, channel);
      messages.set(channel.id, []);
      world.tell(channel.type === 11 ? 'THREAD_CREATE' : 'CHANNEL_CREATE', toJson(world, channel));
      return channel;
    },
    addMessage(channel, author, more) {
      const message: DiscordMessage = {
        ...MESSAGE,
        id: id(),
        channel_id: channel,
        guild_id: guildId,
        author: toUser(author),
        member: { roles: [], joined_at: START, deaf: false, mute: false, flags: 0 },
        timestamp: new Date().toISOString(),
        ...more,
      };
      wake(world, channel);
      messages.get(channel)?.push(message);
      world.tell('MESSAGE_CREATE', message);
      return message;
    },
    changeMessage(message, more) {
      const changed = { ...message, ...more, edited_timestamp: new Date().toISOString() };
      const all = messages.get(message.channel_id) ?? [];
      all.splice(all.indexOf(message), 1, changed);
      world.tell('MESSAGE_UPDATE', changed);
      return changed;
    },
    toGuild: () => toGuild(world),
  };
  return world;
}

const START = '2026-01-01T00:00:00.000Z';
const MESSAGE = {
  content: '',
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [],
  components: [],
  pinned: false,
  type: 0,
  flags: 0,
};

/** Writing in a thread takes it out of the archive. */
function wake(world: World, id: string): void {
  const channel = world.channels.get(id);
  if (channel === undefined || !channel.archived) return;
  channel.archived = false;
  world.tell('THREAD_UPDATE', toJson(world, channel));
}

export function toUser({ id, username, bot }: DiscordUser): Json & DiscordUser {
  return { id, username, bot, global_name: username, discriminator: '0', avatar: null };
}

export function toJson(world: World, channel: DiscordChannel): Json {
  const { archived, locked, ...more } = channel;
  const last = world.messages.get(channel.id)?.at(-1)?.id ?? null;
  const shared = { ...more, position: 0, permission_overwrites: [], last_message_id: last };
  if (channel.type !== 11) return shared;
  const metadata = {
    archived,
    locked,
    auto_archive_duration: 10_080,
    archive_timestamp: archived ? new Date().toISOString() : START,
  };
  return { ...shared, thread_metadata: metadata, message_count: 0, member_count: 1, rate_limit_per_user: 0 };
}

function toGuild(world: World): Json {
  const { guildId, bot, channels, permissions } = world;
  const all = [...channels.values()];
  const everyone = { id: guildId, name: '@everyone', permissions: String(permissions), position: 0, color: 0 };
  return {
    id: guildId,
    name: 'A server',
    owner_id: '1',
    unavailable: false,
    large: false,
    member_count: 2,
    joined_at: START,
    roles: [{ ...everyone, hoist: false, managed: false, mentionable: false, flags: 0 }],
    channels: all.filter(({ type }) => type === 0).map((channel) => toJson(world, channel)),
    threads: all.filter(({ type, archived }) => type === 11 && !archived).map((channel) => toJson(world, channel)),
    members: [{ user: toUser(bot), roles: [], joined_at: START, deaf: false, mute: false, flags: 0 }],
    ...{ emojis: [], stickers: [], features: [], presences: [], voice_states: [], stage_instances: [] },
    guild_scheduled_events: [],
    ...{ premium_tier: 0, verification_level: 0, nsfw_level: 0, preferred_locale: 'en-US', system_channel_flags: 0 },
  };
}
