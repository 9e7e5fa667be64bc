import { createHash } from 'node:crypto';
import {
  type APIChannel,
  type APIMessage,
  ChannelType,
  MessageFlags,
  type RawFile,
  REST,
  RESTJSONErrorCodes,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
  ThreadAutoArchiveDuration,
} from 'discord.js';
import { isCode } from './outcome.ts';
import { createRequest } from './request.ts';

type Rows = NonNullable<RESTPostAPIChannelMessageJSONBody['components']>;

export interface Body {
  readonly content: string;
  readonly rows?: Rows;
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** Nobody is notified. */
  readonly isQuiet?: boolean;
}

/** What is sent to Discord. Each call is one attempt: who repeats it, and when, is not decided here. */
export interface DiscordApi {
  /** Resolves with the id of the message. The same nonce again, within some minutes, is the same message. */
  send(channel: string, body: Body, nonce: string, signal: AbortSignal): Promise<string>;
  /** A thread that sleeps is woken, or rejects it. */
  edit(channel: string, message: string, body: Body, signal: AbortSignal, asleep?: 'wake' | 'reject'): Promise<void>;
  remove(channel: string, message: string, signal: AbortSignal): Promise<void>;
  /** The server that a channel lies in; null: none. */
  guildOf(channel: string, signal: AbortSignal): Promise<string | null>;
  /** As far as it is known already. */
  knownGuild(channel: string): string | null;
  /** A public thread; resolves with its id. */
  openThread(channel: string, name: string, signal: AbortSignal): Promise<string>;
  close(): void;
}

export interface ApiOptions {
  readonly token: string;
  readonly apiRoot: string;
  readonly timeoutMs: number;
}

/** Its own retries would repeat what may have been taken, and its queues would hide how long Discord asks to wait. */
const OWN = { version: '10', retries: 0, rejectOnRateLimit: () => true } as const;

export function createDiscordApi({ token, apiRoot, timeoutMs }: ApiOptions): DiscordApi {
  const rest = new REST({ ...OWN, api: apiRoot, timeout: timeoutMs, makeRequest: createRequest(token) });
  /** A refused token is forgotten by the client. */
  const client = (): REST => rest.setToken(token);
  const guilds = new Map<string, string>();

  function noteGuild(channel: APIChannel): string | null {
    const guild = 'guild_id' in channel ? (channel.guild_id ?? null) : null;
    if (guild !== null) guilds.set(channel.id, guild);
    return guild;
  }

  /** A thread in which nobody wrote for days is archived; it can be changed once it is not. */
  async function awake<T>(channel: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isCode(error, RESTJSONErrorCodes.InvalidActionOnArchivedThread)) throw error;
      await client().patch(Routes.channel(channel), { body: { archived: false }, signal });
      return call();
    }
  }

  return {
    async send(channel, body, nonce, signal) {
      const quiet = body.isQuiet === true ? MessageFlags.SuppressNotifications : 0;
      const whole = { ...toJson(body), flags: MessageFlags.SuppressEmbeds | quiet, nonce, enforce_nonce: true };
      const files = toFiles(body);
      const post = () => client().post(Routes.channelMessages(channel), { body: whole, files, signal });
      return ((await awake(channel, signal, post)) as APIMessage).id;
    },
    async edit(channel, message, body, signal, asleep = 'wake') {
      const patch = () => client().patch(Routes.channelMessage(channel, message), { body: toJson(body), signal });
      await (asleep === 'wake' ? awake(channel, signal, patch) : patch());
    },
    async remove(channel, message, signal) {
      await awake(channel, signal, () => client().delete(Routes.channelMessage(channel, message), { signal }));
    },
    async guildOf(channel, signal) {
      const known = guilds.get(channel);
      if (known !== undefined) return known;
      return noteGuild((await client().get(Routes.channel(channel), { signal })) as APIChannel);
    },
    knownGuild: (channel) => guilds.get(channel) ?? null,
    async openThread(channel, name, signal) {
      const body = {
        name,
        type: ChannelType.PublicThread,
        auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
      };
      const made = (await client().post(Routes.threads(channel), { body, signal })) as APIChannel;
      noteGuild(made);
      return made.id;
    },
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

/** At most 25 characters, the same for the same part of the same delivery. */
export function toNonce(deliveryId: string, part: string | number): string {
  return createHash('sha256').update(`${deliveryId}:${part}`).digest('base64url').slice(0, 24);
}

/** Nobody is called by what an agent writes, and no server is asked for a preview of its links. */
function toJson({ content, rows = [] }: Body): RESTPostAPIChannelMessageJSONBody {
  return { content, components: rows, flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };
}

const FILE_TYPE = 'application/octet-stream';

function toFiles({ file }: Body): RawFile[] {
  return file === undefined ? [] : [{ name: file.name, data: Buffer.from(file.bytes), contentType: FILE_TYPE }];
}
