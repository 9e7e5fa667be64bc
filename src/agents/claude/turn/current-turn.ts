import type { Usage } from '../../../core/model/usage/usage.ts';
import type { AgentRule } from '../../../core/model/approval.ts';
import type { Notice, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Door } from '../door/door.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Modes } from '../submission/modes.ts';
import { watchPrompts } from '../prompts/permission-prompts.ts';
import { toComposerText } from '../screen/composer.ts';
import type { Terminal } from '../screen/terminal.ts';
import { watchTurn, type TurnWatch } from '../watch/turn-watch.ts';
import { followEnding } from './ending.ts';
import { readNoted, toUsage, type ReadEnd, type ReadSpent, type UsageParts } from './usage.ts';
import type { StopHooks } from './stop-hooks.ts';
import type { SupervisionParts } from './supervise.ts';
import { createTurnDialogs, type TurnDialogs } from './turn-dialogs.ts';
import { narrateTurn } from './turn-narration.ts';
import type { Memory } from '../../program/launch/memory.ts';
import { createTurnTranscript, type TurnTranscript } from './turn-transcript.ts';

/** A turn that runs in a session. */
export interface CurrentTurn extends SupervisionParts {
  /** Somebody else's prompt was reported meanwhile; there may be more behind it. */
  readonly isShared: boolean;
  /** So many bytes of the transcript are not of this turn. */
  readonly beginsAt: (offset: number) => void;
  /** Takes the agent hooks that may be of this turn. */
  readonly tell: HookListener;
  /** Told what an earlier process told of it. */
  readonly restoreNarration: (told: readonly Notice[]) => void;
  /** The turn is over: tells what is still missing of what was said and done. */
  readonly closeNarration: () => Promise<void>;
  /** The turn has ended in this way: what it took, where its conversation stands now, and in the order of the turns.
   *  Never rejects. `isGone`: the agent writes no more. */
  readonly followUsage: (end: ReadEnd, isGone: () => boolean) => Promise<Usage | null>;
}

export interface CurrentTurnParts extends UsageParts {
  /** Runs what reads of subagents behind what did before: each line of theirs is read once. */
  readonly inOrder: <T>(work: () => Promise<T>) => Promise<T>;
  readonly terminal: Terminal;
  readonly door: Door;
  readonly files: AgentFiles;
  readonly prompt: string;
  readonly observer: TurnObserver;
  /** Of the conversation, which may move to another file. */
  readonly transcript: () => string;
  /** Null when nobody knows them. */
  readonly earlierTasks: ReadonlySet<string> | null;
  /** Ids of prompts that were reported before. */
  readonly earlierPrompts: ReadonlySet<string>;
  /** The prompt that was reported last stands behind a turn that runs. */
  readonly isQueued: () => boolean;
  /** This prompt, that is reported in the place of the expected one, can be no person's. */
  readonly isNobodys: (reported: string, expected: string) => boolean;
  /** When an earlier process began it (epoch milliseconds); null: it begins now. */
  readonly begunAt: number | null;
  /** Of the workspace. */
  readonly cwd: string;
  readonly giveUp: () => Promise<void>;
  readonly log: Log;
  readonly memory: Memory;
  /** In which permission mode it runs. */
  readonly modes: Pick<Modes, 'admits'>;
  /** These were allowed for the rest of the session. */
  readonly remembered: (rules: readonly AgentRule[]) => void;
  /** Who else hears of a Stop. */
  readonly stopHooks: Pick<StopHooks, 'mayHold' | 'learn'>;
  /** Whether a hook still runs that may wake the agent again. */
  readonly mayBeWoken: () => Promise<boolean>;
  /** Tells of a prompt that is somebody else's. */
  readonly foreign: (payload: HookPayload, noticed: (notice: Notice) => void) => void;
  /** The agent says that it does nothing. */
  readonly isIdle: () => Promise<boolean>;
  /** The agent told the end at this moment, and nothing but us can have begun another turn. */
  readonly settled: () => void;
  /** Aborts when nobody watches the agent any more. */
  readonly released: AbortSignal;
}

export function beginTurn(parts: CurrentTurnParts): CurrentTurn {
  const { terminal, door, files, observer, earlierTasks, earlierPrompts, begunAt, giveUp, isQueued, log } = parts;
  const text = toComposerText(parts.prompt);
  const { expected } = text;
  const foreignIds = new Set(earlierPrompts);
  let [isShared, isQuiet] = [false, true];
  const watch = watchTurn({
    ...{ expected, earlierTasks, isQueued },
    isNobodys: (prompt) => parts.isNobodys(prompt, expected),
    admits: (mode) => parts.modes.admits(mode),
    isForeign: (promptId) => foreignIds.has(promptId),
    foreignPrompt(payload) {
      isShared = true;
      if (payload.prompt_id !== null && !watch.isOurs(payload)) foreignIds.add(payload.prompt_id);
      parts.foreign(payload, (notice) => observer.noticed(notice));
    },
    toldEnd: () => void settle(parts, { watch, transcript, isQuiet, isAlone: () => !isShared }),
  });
  const transcript = createTurnTranscript({ files, file: parts.transcript, expected, earlierPrompts });
  const prompts = watchPrompts({ ...parts, transcript: () => transcript.place(), begunAt: begunAt ?? Date.now() });
  const dialogs = watchDialogs(parts, watch);
  const narration = narrateTurn((notice) => observer.noticed(notice), transcript, log);

  return {
    terminal,
    door,
    displaced: { line: null },
    lineLost: (characters) => observer.noticed({ type: 'composer.cleared', data: { characters, lost: true } }),
    text,
    observer,
    watch,
    prompts,
    memory: parts.memory,
    dialogs,
    get isShared() {
      return isShared;
    },
    beginsAt: (offset) => void (transcript.offset = offset),
    readTranscript: () => transcript.read(),
    isRefusalNoted: () => transcript.isRefusalNoted(),
    mayBeWoken: parts.mayBeWoken,
    begunAt,
    isFull: async () => !(await files.hasRoom().catch(() => true)),
    giveUp,
    tell(payload, gone) {
      const isOurs = watch.isOurs(payload);
      if (isOurs) narration.hear(payload);
      const reply = watch.tell(payload);
      if (!isOfTool(payload)) return reply;
      isQuiet &&= !isOurs;
      // In a person's own turn the dialog is the person's.
      return isOurs ? (watch.state === 'stopping' ? tellStopping : prompts.tell)(payload, gone) : {};
    },
    restoreNarration: (told) => narration.restore(told),
    catchUp: () => narration.catchUp(),
    closeNarration: () => narration.close(),
    followUsage: (end, isGone) => followUsage(parts, transcript, end, isGone),
  };
}

async function followUsage(
  parts: CurrentTurnParts,
  transcript: TurnTranscript,
  end: ReadEnd,
  isGone: () => boolean,
): Promise<Usage | null> {
  const at = transcript.place();
  const endedAt = performance.now();
  const read: ReadSpent = async () => {
    const { found, spent } = await transcript.readSpent(at);
    return { found: found.kind, usage: () => toUsage(parts, at.file, spent) };
  };
  return parts.inOrder(() => readNoted({ read, isGone }, end, endedAt)).catch(() => null);
}

/** A form that is closed because the turn is stopped must not let it go on: its server hears nothing before that. */
function tellStopping({ hook_event_name: event }: HookPayload, gone: AbortSignal): object | Promise<object> {
  if (event !== 'ElicitationResult') return {};
  return new Promise((resolve) => gone.addEventListener('abort', () => resolve({}), { once: true }));
}

function watchDialogs({ terminal, observer, log, giveUp }: CurrentTurnParts, watch: TurnWatch): TurnDialogs {
  return createTurnDialogs({
    terminal,
    observer,
    log,
    lapsed({ text }) {
      const error = `A dialog stood on the agent’s screen and nobody answered it in time:\n${text}`;
      watch.finish({ kind: 'failed', reason: 'agent_error', error, text: watch.partialText() });
      void giveUp();
    },
  });
}

interface Told {
  readonly watch: TurnWatch;
  readonly transcript: TurnTranscript;
  /** No tool was used in it. */
  readonly isQuiet: boolean;
  /** Nobody else's prompt was reported meanwhile. */
  readonly isAlone: () => boolean;
}

/** The turn has told its end: sees to it that it is over when that stands. */
async function settle(parts: CurrentTurnParts, { watch, transcript, isQuiet, isAlone }: Told): Promise<void> {
  const ending = await followEnding({
    watch,
    mayHold: () => parts.stopHooks.mayHold(isQuiet),
    mayBeWoken: parts.mayBeWoken,
    readTranscript: () => transcript.read(),
    isIdle: parts.isIdle,
    released: parts.released,
  });
  if (ending === 'told' && isAlone()) parts.settled();
  if (ending === 'noted') await parts.stopHooks.learn(await transcript.lastStopHooks());
}

const TOOL_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
  'Elicitation',
  'ElicitationResult',
]);

function isOfTool({ hook_event_name: event }: HookPayload): boolean {
  return TOOL_EVENTS.has(event);
}
