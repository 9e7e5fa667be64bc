import type { Update } from 'telegraf/types';
import type { Log } from '../../../core/ports/log.ts';
import type { TelegramClient } from '../api/client.ts';
import { isTokenRefused, TelegramError } from '../api/errors.ts';
import { createBackoff, pause } from '../../chat/pause.ts';
import { createWindow } from './window.ts';
import { WANTED } from './read-update.ts';

export interface PollDeps {
  readonly client: TelegramClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Resolves when it is handled: only then Telegram is told, and forgets it. False: the end came first. */
  readonly take: (update: Update) => Promise<boolean>;
  /** All that Telegram had at this instant (of `performance.now`) has been given to `take`. */
  readonly looked: (askedAt: number) => void;
  /** What keeps updates from coming, in words; null: nothing. */
  readonly tell: (problem: string | null) => void;
  /** How long Telegram holds a question that it has no answer to. */
  readonly holdMs?: number;
}

const UNREACHED = 'telegram.not_reached';
const HOLD_MS = 50_000;
/** Beyond what Telegram holds it. */
const GRACE_MS = 10_000;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;
const CONFIRM_MS = 2_000;
const LIMIT = 100;
/** While something takes longer, as a file: what came behind it is heard meanwhile. */
const LOOK_MS = 500;

/** Long polling, until the signal aborts. What came while nobody asked is kept by Telegram for a day. */
export async function poll({ client, log, signal, take, looked, tell, holdMs = HOLD_MS }: PollDeps): Promise<void> {
  const backoff = createBackoff(RETRY_MS, RETRY_MAX_MS);
  const window = createWindow(take);
  let trouble: string | null = null;

  async function ask(timeoutMs: number, until: AbortSignal): Promise<readonly Update[]> {
    const args = { timeout: Math.floor(timeoutMs / 1_000), limit: LIMIT, allowed_updates: WANTED };
    const options = { signal: until, timeoutMs: timeoutMs + GRACE_MS };
    const offset = window.next();
    return client.call('getUpdates', { ...args, ...(offset !== null && { offset }) }, options);
  }

  async function failed(error: unknown): Promise<void> {
    const { event, problem, afterMs } = explain(error);
    // One line, however often it is met.
    if (trouble !== event) tellTrouble(log, event, problem);
    trouble = event;
    tell(problem);
    await pause(Math.max(backoff.next(), afterMs), signal);
  }

  while (!signal.aborted) {
    try {
      const askedAt = performance.now();
      const updates = await ask(window.isOpen() ? 0 : holdMs, signal);
      window.confirmed();
      if (trouble !== null) log.info({}, 'telegram.polling_again');
      trouble = null;
      tell(null);
      backoff.reset();
      window.add(updates);
      looked(askedAt);
      await window.rest(LOOK_MS, signal);
    } catch (error) {
      if (!signal.aborted) await failed(error);
    }
  }
  // So that the next process does not meet again what was handled.
  if (await window.isUnconfirmed()) await ask(0, AbortSignal.timeout(CONFIRM_MS)).catch(() => []);
}

/** A network that is away comes back by itself. */
export function tellTrouble(log: Log, event: string, problem: string): void {
  if (event === UNREACHED) log.warn({ error: problem }, event);
  else log.error({ error: problem }, event);
}

export function explain(error: unknown): {
  readonly event: string;
  readonly problem: string;
  readonly afterMs: number;
} {
  const why = error instanceof Error ? error.message : String(error);
  if (isTokenRefused(error)) {
    const problem = 'TELEGRAM_BOT_TOKEN is wrong: Telegram refuses it. @BotFather tells the current one';
    return { event: 'telegram.token_refused', problem, afterMs: 30_000 };
  }
  if (error instanceof TelegramError && error.code === 409) {
    const problem = /webhook/i.test(why)
      ? 'A webhook is set for this Telegram bot, so it gets no updates here: remove it (deleteWebhook)'
      : 'Another program polls with this Telegram bot’s token: stop it, or give each its own bot';
    return { event: 'telegram.second_poller', problem, afterMs: 5_000 };
  }
  const afterMs = error instanceof TelegramError ? (error.afterMs ?? 0) : 0;
  return { event: UNREACHED, problem: `Telegram is not reached: ${why}`, afterMs };
}
