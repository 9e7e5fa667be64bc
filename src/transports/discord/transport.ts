import { RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import { isTakenBack } from '../../core/model/delivery.ts';
import { sayNotAttached } from '../../core/model/files/attached.ts';
import { toFileName } from '../../core/model/files/names.ts';
import { hasEnded } from '../../core/model/request.ts';
import { isQuietElsewhere } from '../../core/model/words/quiet-end.ts';
import type { DueDelivery, Transport, TransportPolicy } from '../../core/ports/transport.ts';
import { nextPart, type Told } from '../chat/next-part.ts';
import { channelOf, NAME, parseAddress, toAddress, toLink } from './address.ts';
import { type Body, type DiscordApi, toNonce } from './api.ts';
import { ForeignChannelError, isCode, isFileRefused, isFormRefused, toOutcome, toWaitMs } from './outcome.ts';
import { type AnswerPart, createToAnswer, FILE_MAX_BYTES, type ToAnswer, toPrompt } from './words/answer.ts';
import { toApproval } from './words/approval.ts';
import { toProgress } from './words/progress.ts';
import { bare, TEXT_MAX } from './words/text.ts';

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
      { keyOf: () => NAME, count: 50, perMs: 1_000, keep: [5, 5] },
      { keyOf: (address) => address, count: 1, perMs: paceMs },
    ],
  };
}

/** Messages in the channels and threads of Discord. A repeat has the same nonce, so it is the same message. */
export function createDiscordTransport(options: TransportOptions): Transport {
  const { api, guilds, pauseAfterMs, paceMs = PACE_MS } = options;
  const toAnswer = createToAnswer();
  const waits = createWaits();
  return {
    name: NAME,
    example: 'discord:1234567890',
    policy: createPolicy(paceMs, pauseAfterMs),
    parseAddress,
    placeOf({ threadId }) {
      const guild = api.knownGuild(threadId) ?? (guilds.length === 1 ? guilds[0] : undefined);
      return { address: toAddress(threadId), link: guild === undefined ? null : toLink(guild, threadId) };
    },
    async deliver(delivery, signal) {
      const channel = channelOf(delivery.to);
      try {
        const guild = await api.guildOf(channel, signal);
        if (guild === null || !guilds.includes(guild)) {
          throw new ForeignChannelError('this channel is in no server of DISCORD_ALLOWED_GUILDS');
        }
        const told = await act({ ...options, toAnswer, waits, channel, delivery, signal });
        return told.kind === 'sent' ? { ...told, link: toLink(guild, channel) } : told;
      } catch (error) {
        signal.throwIfAborted();
        return toOutcome(error);
      }
    },
  };
}

interface Act extends Pick<TransportOptions, 'api' | 'now'> {
  readonly toAnswer: ToAnswer;
  readonly waits: Waits;
  readonly channel: string;
  readonly delivery: DueDelivery;
  readonly signal: AbortSignal;
}

async function act(to: Act): Promise<Told> {
  const { delivery, now } = to;
  switch (delivery.kind) {
    case 'prompt':
      return sendNext(to, [{ ...toPrompt(delivery), isQuiet: true }]);
    case 'answer':
      return sendNext(to, to.toAnswer(delivery));
    case 'progress':
      return isTakenBack(delivery) ? takeBack(to) : tellProgress(to, toLine(delivery, now()));
    case 'approval':
      return tell(to, toApproval(delivery));
    case 'notice':
    case 'hook':
    case 'test':
      return sendNext(to, [{ ...toNotice(delivery), isQuiet: true }]);
  }
}

const toLine = (delivery: DueDelivery, now: number): Body => ({ content: toProgress(delivery, now), isQuiet: true });

function toNotice({ event: { type, data } }: DueDelivery): Body {
  const { text } = data;
  return { content: typeof text === 'string' ? bare(text, TEXT_MAX) : `Gatehouse: ${type}` };
}

/** Where nothing else says how it ended, this does, even alone. */
const isOver = ({ request }: DueDelivery): boolean =>
  request !== null && hasEnded(request.state) && !isQuietElsewhere(request);

const sendNext = (to: Act, parts: readonly AnswerPart[]): Promise<Told> =>
  nextPart(parts, to.delivery.messages, (part) => sendPart(to, part));

/** A file of the workspace, or why there is none, has the nonce of its place, too. */
async function sendPart({ api, channel, delivery, signal }: Act, part: AnswerPart): Promise<string> {
  const nonce = toNonce(delivery.id, delivery.messages.length);
  if (!('path' in part)) return plainIfRefused(part, (body) => api.send(channel, body, nonce, signal));
  const { path } = part;
  const say = (why: string): Promise<string> =>
    api.send(channel, { content: bare(sayNotAttached(path, why), TEXT_MAX) }, nonce, signal);
  const found = await delivery.readFile(path, FILE_MAX_BYTES);
  if (found.kind === 'refused') return say(found.why);
  try {
    const file = { name: toFileName(path), bytes: found.bytes };
    return await api.send(channel, { content: '', file }, nonce, signal);
  } catch (error) {
    if (!isFileRefused(error)) throw error;
    return say('is not taken by Discord');
  }
}

async function takeBack(to: Act): Promise<Told> {
  const { messages, earlier } = to.delivery;
  const known = messages[0] ?? earlier[0];
  if (known !== undefined) await takeAway(to, known);
  return { kind: 'sent', messages };
}

async function takeAway({ api, channel, signal }: Act, message: string): Promise<void> {
  await api.remove(channel, message, signal).catch((error: unknown) => {
    if (!isCode(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
  });
}

/** Where Discord asked to wait with changes. */
interface Waits {
  has(channel: string): boolean;
  add(channel: string, ms: number): void;
}

/** By time that passes, whatever becomes of the clock. */
function createWaits(now = (): number => performance.now()): Waits {
  const waits = new Map<string, number>();
  return {
    has: (channel) => (waits.get(channel) ?? 0) > now(),
    add(channel, ms) {
      for (const [known, until] of waits) if (until <= now()) waits.delete(known);
      waits.set(channel, now() + ms);
    },
  };
}

/** What is to be read in a thread must not wait for a change that Discord asks to wait for, as it does where a message is
 *  an hour old and was changed often. While a turn runs, such a change is passed over, and one that would open a thread
 *  which somebody closed: it is told again soon. */
async function tellProgress(to: Act, body: Body): Promise<Told> {
  const { delivery, channel, waits } = to;
  const { request, messages, earlier } = delivery;
  const known = messages[0] ?? earlier[0];
  const isRunning = request?.state === 'running';
  if (known === undefined) return tell(to, body, { isLast: isOver(delivery) });
  const passOver = (): Told | Promise<Told> => (isRunning ? { kind: 'sent', messages } : replace(to, body, known));
  if (waits.has(channel)) return passOver();
  try {
    return await tell(to, body, isRunning ? { asleep: 'reject' } : { isLast: isOver(delivery) });
  } catch (error) {
    if (isRunning && isCode(error, RESTJSONErrorCodes.InvalidActionOnArchivedThread)) return passOver();
    if (!(error instanceof RateLimitError)) throw error;
    waits.add(channel, toWaitMs(error));
    return passOver();
  }
}

/** By a new message, which has the same nonce however often it is tried. */
async function replace(to: Act, body: Body, known: string): Promise<Told> {
  const { api, channel, delivery, signal } = to;
  const sent = await api.send(channel, body, toNonce(delivery.id, known), signal);
  await takeAway(to, known);
  return { kind: 'sent', messages: [sent] };
}

interface Manner {
  /** Where there is no message, none is begun. */
  readonly isLast?: boolean;
  readonly asleep?: 'wake' | 'reject';
}

/** In the message that tells of it already, or in a new one. */
async function tell(
  { api, channel, delivery, signal }: Act,
  body: Body,
  { isLast = false, asleep }: Manner = {},
): Promise<Told> {
  const { messages, earlier } = delivery;
  const known = messages[0] ?? earlier[0];
  if (known !== undefined) {
    try {
      await plainIfRefused(body, (words) => api.edit(channel, known, words, signal, asleep));
      return { kind: 'sent', messages };
    } catch (error) {
      // A person took it away.
      if (!isCode(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
    }
  }
  if (isLast) return { kind: 'sent', messages };
  const nonce = toNonce(delivery.id, known ?? 0);
  return { kind: 'sent', messages: [await plainIfRefused(body, (words) => api.send(channel, words, nonce, signal))] };
}

/** The words matter more than how they look, and than the buttons below them: a decision can be given elsewhere. */
async function plainIfRefused<T>(body: Body, act: (body: Body) => Promise<T>): Promise<T> {
  try {
    return await act(body);
  } catch (error) {
    if (!isFormRefused(error) || body.content === '') throw error;
    const { rows: _, ...rest } = body;
    return act({ ...rest, content: bare(rest.content, TEXT_MAX) });
  }
}
