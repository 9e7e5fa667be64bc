import { GatewayError } from '../../model/errors.ts';
import { isThreadId, type ThreadRecord } from '../../model/thread.ts';
import type { TaskChannelFactory } from '../../ports/task-channels.ts';
import type { FlowParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import { untilAborted } from '../../model/words/until-aborted.ts';
import { freeWorkspace } from './free-workspace.ts';

export interface OpenDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log' | 'taskChannels' | 'transports'>;
  readonly readiness: Pick<Readiness, 'refuseWhileDraining'>;
  /** Aborts when the gateway stops. */
  readonly stopping: AbortSignal;
}

/** A network that takes longer is given up. */
const OPEN_WITHIN_MS = 30_000;
const LOOK_WITHIN_MS = 5_000;

/** @throws GatewayError `draining`, `no_task_channel`, and what the channel says. */
export async function openThread(deps: OpenDeps, name: string, platform?: string): Promise<ThreadRecord> {
  const { parts, readiness } = deps;
  readiness.refuseWhileDraining();
  const factory = parts.taskChannels.find(platform) ?? (await findAgain(deps, platform));
  if (factory === null) throw noChannel(parts, platform ?? parts.taskChannels.first());
  const threadId = await create(deps, factory, name);
  const place = { transport: factory.name, chat: factory.chat, threadId };
  const workspace = isThreadId(threadId) ? await freeWorkspace(parts.store, place) : null;
  if (workspace === null) throw new GatewayError('internal', `${factory.name} opened a thread whose id is none`);
  const fresh = { ...place, workspace, name, createdAt: parts.clock.now() };
  // One that spoke in it already may have bound it first.
  const { thread } = await parts.store.bindThread(fresh);
  parts.log.info({ transport: factory.name, threadId, workspace: thread.workspace }, 'thread.opened');
  return thread;
}

/** A network does not tell of all that makes a place usable, so it is asked. */
async function findAgain({ parts, stopping }: OpenDeps, platform?: string): Promise<TaskChannelFactory | null> {
  const { taskChannels, transports, clock, log } = parts;
  const wanted = platform ?? taskChannels.first();
  const late = new AbortController();
  const callOff = clock.after(LOOK_WITHIN_MS, () => late.abort());
  const signal = AbortSignal.any([stopping, late.signal]);
  try {
    await untilAborted(transports.get(wanted ?? '')?.lookAgain?.(signal) ?? Promise.resolve(), signal);
  } catch (error) {
    log.info({ transport: wanted, error: String(error) }, 'thread.channel_not_seen');
  } finally {
    callOff();
  }
  return taskChannels.find(platform);
}

async function create(
  { parts, readiness, stopping }: OpenDeps,
  factory: TaskChannelFactory,
  name: string,
): Promise<string> {
  const late = new AbortController();
  const callOff = parts.clock.after(OPEN_WITHIN_MS, () => late.abort());
  const signal = AbortSignal.any([stopping, late.signal]);
  try {
    // A factory that does not heed its signal holds up nobody.
    return await untilAborted(factory.create(name, signal), signal);
  } catch (cause) {
    readiness.refuseWhileDraining();
    if (cause instanceof GatewayError) throw cause;
    parts.log.warn({ transport: factory.name, error: String(cause) }, 'thread.not_opened');
    const why = late.signal.aborted ? `within ${OPEN_WITHIN_MS / 1000} s` : 'now: see the log of the gateway';
    throw new GatewayError('no_task_channel', `${factory.name} could not open a channel ${why}`, { cause });
  } finally {
    callOff();
  }
}

function noChannel({ transports }: Pick<FlowParts, 'transports'>, wanted: string | null): GatewayError {
  const problems = (wanted === null ? undefined : transports.get(wanted)?.problems?.()) ?? [];
  const why =
    wanted === null
      ? ': configure Telegram or Discord, set TASK_CHANNEL=workspace, or name an existing thread'
      : problems.length > 0
        ? ` on ${wanted}. ${problems.join('. ')}`
        : ` on ${wanted}: it is not configured, or not there yet`;
  return new GatewayError('no_task_channel', `There is no channel for new tasks${why}`);
}
