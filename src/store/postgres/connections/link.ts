import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Log } from '../../../core/ports/log.ts';
import { connect } from './connect.ts';
import { unavailable } from '../storage-error.ts';

/** The one connection that writes, taken up again whenever it is lost. */
export interface Link {
  /** @throws GatewayError `storage_unavailable` while there is none */
  take(): Client;
  /** This one is of no more use. */
  drop(client: Client, cause: unknown): void;
  /** The one that is there, or the next one. Rejects once nothing is taken up any more. */
  again(): Promise<Client>;
  /** From now on, a connection that is lost is not taken up again. */
  settle(): void;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  /** What every connection does before anything is written on it. It may refuse it. */
  readonly prepare: (client: Client) => Promise<void>;
  /** Another connection has taken the place of one that was lost. */
  readonly back: () => void;
  readonly log: Log | undefined;
}

type State =
  | { readonly kind: 'up'; readonly client: Client }
  | { readonly kind: 'away'; readonly cause: unknown }
  | { readonly kind: 'closed' };

const CLOSED = new Error('the store is closed');

const FIRST_PAUSE_MS = 50;
const PAUSE_MAX_MS = 1_000;

/** @throws whatever keeps the first connection from being opened */
export async function openLink({ url, prepare, back, log }: LinkOptions): Promise<Link> {
  let state: State = { kind: 'away', cause: new Error('it was never there') };
  let next = promiseOne();
  const closing = new AbortController();
  const open = (): Promise<Client> => openPrepared(url, prepare, drop);

  function drop(client: Client, cause: unknown): void {
    if (state.kind !== 'up' || state.client !== client) return;
    log?.warn({ error: String(cause) }, 'store.away');
    state = { kind: 'away', cause };
    next = promiseOne();
    end(client);
    if (closing.signal.aborted) next.reject(unavailable(CLOSED));
    else void takeUp();
  }

  async function takeUp(): Promise<void> {
    const client = await keepTrying(open, closing.signal, (cause) => (state = { kind: 'away', cause }));
    if (client === null) return;
    state = { kind: 'up', client };
    log?.info({}, 'store.back');
    next.resolve(client);
    back();
  }

  state = { kind: 'up', client: await open() };
  return {
    take() {
      if (state.kind === 'up') return state.client;
      throw unavailable(state.kind === 'away' ? state.cause : CLOSED);
    },
    drop,
    again: async () => (state.kind === 'up' ? state.client : next.promise),
    settle() {
      closing.abort();
      next.reject(unavailable(CLOSED));
    },
    async close() {
      const last = state;
      state = { kind: 'closed' };
      if (last.kind === 'up') await last.client.end();
    },
  };
}

async function openPrepared(
  url: string,
  prepare: LinkOptions['prepare'],
  lost: (client: Client, cause: unknown) => void,
): Promise<Client> {
  const client = await connect(url, lost);
  try {
    await prepare(client);
    return client;
  } catch (error) {
    end(client);
    throw error;
  }
}

/** Null once it shall not any more. */
async function keepTrying(
  open: () => Promise<Client>,
  signal: AbortSignal,
  failed: (cause: unknown) => void,
): Promise<Client | null> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(2 * pause, PAUSE_MAX_MS)) {
    try {
      await delay(pause, undefined, { signal });
      const client = await open();
      if (!signal.aborted) return client;
      end(client);
    } catch (cause) {
      if (!signal.aborted) failed(cause);
    }
  }
  return null;
}

/** Whether or not anybody waits for it. */
function promiseOne(): PromiseWithResolvers<Client> {
  const one = Promise.withResolvers<Client>();
  one.promise.catch(() => {});
  return one;
}

/** Nobody waits for what a lost connection still says. */
function end(client: Client): void {
  client.end().catch(() => {});
}
