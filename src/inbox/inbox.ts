import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { GatewayError } from '../core/model/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { KeptKeysApi } from '../core/ports/gateway/requests.ts';
import type { RequestsApi } from '../core/ports/gateway/requests.ts';
import type { Log } from '../core/ports/log.ts';
import { toCode } from '../lib/error-code.ts';
import { createArrivals, type Arrival } from './arrivals.ts';
import { createPlaces } from './places.ts';
import { OWNER, take } from './take.ts';
import { createWatcher } from './watcher.ts';

/** The file queue: what is dropped into a folder becomes requests. */
export interface Inbox {
  /** Rejects with what is wrong while the folder cannot be used; resolves with what an operator may want to know. */
  check(): Promise<readonly string[]>;
  /** Resolves when nothing is taken any more. */
  close(): Promise<void>;
}

export interface InboxDeps {
  readonly folder: string;
  /** Of tasks that name none. */
  readonly workspace: string;
  readonly requests: Pick<RequestsApi, 'submit'>;
  readonly keptKeys: KeptKeysApi;
  readonly clock: Clock;
  readonly log: Log;
}

/** A file that has not changed for so long is taken to be complete. */
export const SETTLE_MS = 2_000;
/** The system may fail to tell of a change. */
const LOOK_MS = 10_000;
/** Changes that come together cost one look. */
const GATHER_MS = 50;
const RENUMBERED =
  'TASKS_DIR: the file system changes the inode numbers of files: they are told apart by size and time alone';

/** Looks at once, then at every change, and now and then. */
export async function openInbox(deps: InboxDeps): Promise<Inbox> {
  const { folder, clock, log } = deps;
  let problem: string | null = null;
  let looking: Promise<void> = Promise.resolve();
  let next: { readonly at: number; readonly callOff: () => void } | null = null;
  let isClosed = false;
  const watcher = createWatcher(folder, () => lookIn(GATHER_MS), log);
  const notes = new Set<string>();
  const renumbered = (): void => void notes.add(RENUMBERED);
  const lookAtAll = createLook(deps, () => isClosed, renumbered);

  function lookIn(ms: number): void {
    const at = clock.elapsed() + ms;
    if (isClosed || (next !== null && next.at <= at)) return;
    next?.callOff();
    next = { at, callOff: clock.after(ms, look) };
  }

  function look(): void {
    next = null;
    looking = looking.then(async () => lookIn(await lookOnce()));
  }

  /** When to look again. Never rejects: a folder that is away may come back. */
  async function lookOnce(): Promise<number> {
    try {
      watcher.renew((await stat(folder, { bigint: true })).ino);
      const wait = await lookAtAll();
      if (problem !== null) log.info({}, 'inbox.usable_again');
      problem = null;
      return Math.min(wait, LOOK_MS);
    } catch (error) {
      const found = toProblem(error);
      if (problem !== found) log.error({ error: String(error) }, 'inbox.not_usable');
      problem = found;
      return LOOK_MS;
    }
  }

  // What is wrong with it, the look tells.
  await mkdir(folder, { recursive: true }).catch(() => {});
  look();
  return {
    async check() {
      if (problem !== null) throw new Error(problem);
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: unknown) => {
        throw new Error(`TASKS_DIR cannot be used (${toCode(error)})`, { cause: error });
      });
      return [...notes];
    },
    async close() {
      isClosed = true;
      next?.callOff();
      await looking;
      // A look under way may have begun to watch.
      watcher.close();
    },
  };
}

/** For `/health`. What the gateway refuses is not the folder's fault. */
function toProblem(error: unknown): string {
  if (error instanceof GatewayError) return `Files wait in TASKS_DIR: ${error.message}`;
  return `TASKS_DIR cannot be used (${toCode(error)})`;
}

/** Looks at all that stands there, in the order of arrival; resolves with when to look again. */
function createLook(deps: InboxDeps, isClosed: () => boolean, onRenumbered: () => void): () => Promise<number> {
  const { folder, clock, keptKeys } = deps;
  const arrivals = createArrivals(folder, clock, SETTLE_MS);
  const takeDeps = { ...deps, places: createPlaces(folder), onRenumbered };
  /** The workspaces of files that found their queue full, so that those need not be read at each look. */
  let waiting = new Map<string, string>();
  let isFirst = true;

  /** An earlier process moved these, and was killed before it noted that. */
  async function releaseMoved(found: readonly Arrival[]): Promise<void> {
    const names = new Set(found.map(({ name }) => name));
    for (const name of await keptKeys.list(OWNER)) {
      if (!names.has(name)) await keptKeys.release(OWNER, name);
    }
  }

  return async () => {
    const found = await arrivals.list();
    if (isFirst) await releaseMoved(found);
    isFirst = false;
    let again = LOOK_MS;
    const [before, full] = [waiting, new Set<string>()];
    const failures: unknown[] = [];
    waiting = new Map();
    for (const arrival of found) {
      if (isClosed()) break;
      const known = before.get(arrival.fingerprint);
      if (known !== undefined && full.has(known)) {
        waiting.set(arrival.fingerprint, known);
        continue;
      }
      const outcome = await take(takeDeps, arrival).catch((error: unknown) => {
        failures.push(error);
        return null;
      });
      if (outcome === null) continue;
      if (outcome.kind === 'draining') break;
      if (outcome.kind === 'unsettled') again = Math.min(again, SETTLE_MS + GATHER_MS);
      if (outcome.kind !== 'queue_full') continue;
      full.add(outcome.workspace);
      waiting.set(arrival.fingerprint, outcome.workspace);
      again = Math.min(again, outcome.retryMs);
    }
    // One that fails holds up no other.
    if (failures.length > 0) throw failures[0];
    return again;
  };
}
