import { setTimeout as delay } from 'node:timers/promises';
import { RESTJSONErrorCodes } from 'discord.js';
import { hasEnded } from '../../core/model/request.ts';
import type { DueDelivery, NoteMessages, Transport, TransportPolicy } from '../../core/ports/transport.ts';
import { channelOf, NAME, parseAddress, toAddress, toLink } from './address.ts';
import { type Body, type DiscordApi, toNonce } from './api.ts';
import { ForeignChannelError, isCode, toOutcome } from './outcome.ts';
import { toAnswer, toPrompt } from './words/answer.ts';
import { toApproval } from './words/approval.ts';
import { toProgress } from './words/progress.ts';

export interface TransportOptions {
  readonly api: DiscordApi;
  /** The servers that may be written to. */
  readonly guilds: readonly string[];
  readonly pauseAfterMs: number;
  readonly now: () => number;
  /** Between two messages in one channel. */
  readonly paceMs?: number;
}

const PACE_MS = 1_500;

/** Soon again: a nonce is known for some minutes only. */
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000] as const;

function createPolicy(paceMs: number, pauseAfterMs: number): TransportPolicy {
  return {
    retryMs: RETRY_MS,
    timeoutMs: 120_000,
    concurrency: 64,
    pauseAfterMs,
    budgets: [
      { keyOf: () => NAME, count: 50, perMs: 1_000 },
      { keyOf: (address) => address, count: 1, perMs: paceMs },
    ],
  };
}

/** Messages in the channels and threads of Discord. A repeat has the same nonce, so it is the same message. */
export function createDiscordTransport(options: TransportOptions): Transport {
  const { api, guilds, pauseAfterMs, paceMs = PACE_MS } = options;
  return {
    name: NAME,
    example: 'discord:1234567890',
    policy: createPolicy(paceMs, pauseAfterMs),
    parseAddress,
    placeOf({ threadId }) {
      const guild = api.knownGuild(threadId) ?? (guilds.length === 1 ? guilds[0] : undefined);
      return { address: toAddress(threadId), link: guild === undefined ? null : toLink(guild, threadId) };
    },
    async deliver(delivery, signal, note) {
      const channel = channelOf(delivery.to);
      try {
        const guild = await api.guildOf(channel, signal);
        if (guild === null || !guilds.includes(guild)) {
          throw new ForeignChannelError('this channel is in no server of DISCORD_ALLOWED_GUILDS');
        }
        await act({ ...options, paceMs, channel, delivery, signal, note });
        return { kind: 'sent', link: toLink(guild, channel) };
      } catch (error) {
        signal.throwIfAborted();
        return toOutcome(error);
      }
    },
  };
}

interface Act extends Pick<TransportOptions, 'api' | 'now'> {
  readonly paceMs: number;
  readonly channel: string;
  readonly delivery: DueDelivery;
  readonly signal: AbortSignal;
  readonly note: NoteMessages;
}

async function act(to: Act): Promise<void> {
  const { delivery, now } = to;
  switch (delivery.kind) {
    case 'prompt':
      return sendAll(to, [toPrompt(delivery)]);
    case 'answer':
      return sendAll(to, toAnswer(delivery));
    case 'progress':
      return tell(to, { content: toProgress(delivery, now()) }, isOver(delivery));
    case 'approval':
      return tell(to, toApproval(delivery), false);
    case 'notice':
    case 'test':
      return sendAll(to, [{ content: `Gatehouse: ${delivery.event.type}` }]);
  }
}

const isOver = ({ request }: DueDelivery): boolean => request !== null && hasEnded(request.state);

/** Behind those that an earlier attempt has sent. */
async function sendAll({ api, channel, delivery, signal, note, paceMs }: Act, bodies: readonly Body[]): Promise<void> {
  const ids = [...delivery.messages];
  for (let part = ids.length; part < bodies.length; part += 1) {
    const body = bodies[part];
    if (body === undefined) return;
    if (part > delivery.messages.length) await delay(paceMs, undefined, { signal });
    ids.push(await api.send(channel, body, toNonce(delivery.id, part), signal));
    await note([...ids]);
  }
}

/** In the message that tells of it already, or in a new one. `isLast`: where there is none, none is begun. */
async function tell({ api, channel, delivery, signal, note }: Act, body: Body, isLast: boolean): Promise<void> {
  const known = delivery.messages[0] ?? delivery.earlier[0];
  if (known !== undefined) {
    try {
      return await api.edit(channel, known, body, signal);
    } catch (error) {
      // A person took it away.
      if (!isCode(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
    }
  }
  if (isLast) return;
  await note([await api.send(channel, body, toNonce(delivery.id, known ?? 0), signal)]);
}
