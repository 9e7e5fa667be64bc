import { setTimeout as delay } from 'node:timers/promises';
import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Terminal } from '../screen/terminal.ts';
import { isTaskNotification } from '../transcript/background.ts';
import { findOrigin, type Origin } from '../transcript/origin.ts';
import type { Reports } from './reports.ts';

export interface ForeignParts {
  readonly files: AgentFiles;
  readonly terminal: Pick<Terminal, 'look'>;
  readonly transcript: () => string;
  readonly reports: Pick<Reports, 'scheduled'>;
  /** Aborts when nobody watches the agent any more. */
  readonly released: AbortSignal;
}

/** Tells what a prompt was that is not the gateway's: of whoever it is, it is nobody's without a sign. */
export type TellForeign = (payload: HookPayload, noticed: (notice: Notice) => void) => void;

export interface NobodysParts {
  readonly terminal: Pick<Terminal, 'wasAttendedSince'>;
  readonly reports: Pick<Reports, 'scheduled' | 'promptedAt'>;
}

/** True for a prompt that only the agent itself can have made of ours: nobody is there, no key was pressed since the last
 *  one was let through, and nothing else is known that prompts it. */
export function isNobodys({ terminal, reports }: NobodysParts, prompt: string, expected: string): boolean {
  const { scheduled } = reports;
  if (scheduled === null || scheduled.some((cron) => cron.prompt === prompt)) return false;
  // What tasks, servers and other agents say comes in a tag.
  const isOfSystem = TAG.test(prompt) && !TAG.test(expected);
  return !isOfSystem && !terminal.wasAttendedSince(reports.promptedAt);
}

const TAG = /^\s*<[a-z]/;
const LOOK_EVERY_MS = 100;
/** The transcript lags behind; a prompt that is queued comes into it when its turn begins. */
const LOOK_MAX_MS = 3_000;

export function createForeignPrompts(parts: ForeignParts): TellForeign {
  return (payload, noticed) => {
    const prompt = payload.prompt ?? '';
    if (isTaskNotification(prompt)) return noticed({ type: 'agent.woken', data: {} });
    const characters = prompt.length;
    if (parts.reports.scheduled?.some((cron) => cron.prompt === prompt) === true)
      return noticed({ type: 'schedule.fired', data: { characters } });
    void findOut(parts, prompt).then((origin) => noticed(toNotice(origin, characters)));
  };
}

async function findOut({ files, terminal, transcript, released }: ForeignParts, prompt: string): Promise<Origin> {
  const file = transcript();
  const offset = (await files.sizeOf(file).catch(() => null)) ?? 0;
  const view = await terminal.look().catch(() => null);
  const isAttended = view !== null && view.typedAgoMs !== null;
  for (const until = performance.now() + LOOK_MAX_MS; performance.now() < until && !released.aborted;) {
    const origin = await findOrigin(files, { file, offset }, prompt).catch(() => null);
    if (origin !== null) return origin === 'human' && !isAttended ? 'keys' : origin;
    await delay(LOOK_EVERY_MS, undefined, { signal: released }).catch(() => {});
  }
  return isAttended ? 'human' : 'unknown';
}

function toNotice(origin: Origin, characters: number): Notice {
  switch (origin) {
    case 'human':
      return { type: 'person.prompted', data: { characters } };
    case 'scheduled':
      return { type: 'schedule.fired', data: { characters } };
    default:
      return { type: 'other.prompted', data: { origin, characters } };
  }
}
