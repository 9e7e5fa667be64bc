import type { TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Door } from '../door/door.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Activity, Terminal } from '../screen/terminal.ts';
import type { Modes } from '../submission/modes.ts';
import { beginTurn, type CurrentTurn } from '../turn/current-turn.ts';
import { createForeignPrompts, isNobodys, type TellForeign } from './foreign-prompts.ts';
import type { Life } from '../../program/ending/life.ts';
import type { Reports } from './reports.ts';
import type { Memory } from '../../program/launch/memory.ts';
import type { Rewaking } from '../turn/rewaking.ts';
import { createStopHooks } from '../turn/stop-hooks.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import { followSubagents } from '../transcript/charges.ts';

export interface TurnsParts {
  readonly files: AgentFiles;
  /** Of the workspace. */
  readonly cwd: string;
  readonly log: Log;
  readonly prices: PriceTable;
  readonly terminal: Terminal;
  readonly door: Door;
  readonly transcript: () => string;
  readonly reports: Reports;
  readonly modes: Modes;
  readonly memory: Memory;
  readonly life: Life;
  readonly rewaking: Rewaking;
  /** What the agent says that it does; null when it says nothing of it. */
  readonly readSaid: () => Promise<Activity | null>;
}

/** What the turns of a session share. */
export interface Turns {
  /** `begunAt`: when an earlier process began it (epoch milliseconds); null: it begins now. */
  begin(prompt: string, observer: TurnObserver, begunAt: number | null): CurrentTurn;
  /** Tells of a prompt that is somebody else's. */
  readonly foreign: TellForeign;
}

export function prepareTurns(parts: TurnsParts): Turns {
  const { files, cwd, log, terminal, door, transcript, reports, modes, life } = parts;
  const stopHooks = createStopHooks(files, cwd);
  const subagents = followSubagents(files);
  let reading: Promise<unknown> = Promise.resolve();
  const tellForeign = createForeignPrompts({ files, terminal, transcript, reports, released: life.released });
  const foreign: TellForeign = (payload, noticed) => {
    stopHooks.doubt();
    tellForeign(payload, noticed);
  };

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = reading.then(work);
    reading = done.catch(() => {});
    return done;
  }

  async function isIdle(): Promise<boolean> {
    const activity = await parts.readSaid().catch(() => null);
    return activity === 'idle' || activity === 'shell';
  }

  return {
    foreign,
    begin(prompt, observer, begunAt) {
      parts.rewaking.begin();
      return beginTurn({
        terminal,
        door,
        files,
        prompt,
        observer,
        transcript,
        earlierTasks: reports.backgroundTasks,
        // Of a turn that is rejoined, hooks may have told before: what they name is its own.
        earlierPrompts: new Set(begunAt === null ? reports.promptIds : []),
        isQueued: () => reports.isQueued,
        isNobodys: (reported, expected) => isNobodys({ terminal, reports }, reported, expected),
        begunAt,
        cwd,
        giveUp: () => life.close(),
        log,
        prices: parts.prices,
        subagents,
        inOrder,
        modes,
        memory: parts.memory,
        remembered: (rules) => modes.remember(rules),
        stopHooks,
        mayBeWoken: () => parts.rewaking.mayWake(),
        foreign,
        isIdle,
        settled: () => reports.settle(),
        released: life.released,
      });
    },
  };
}
