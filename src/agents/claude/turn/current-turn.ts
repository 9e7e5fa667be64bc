import { setTimeout as delay } from 'node:timers/promises';
import type { Notice, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { AgentFiles } from '../process/agent-files.ts';
import { toComposerText } from '../screen/composer.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import { narrate } from '../narration/narration.ts';
import { watchPrompts } from '../prompts/permission-prompts.ts';
import { readSteps } from '../transcript/steps.ts';
import type { SupervisionParts } from './supervise.ts';
import type { Terminal } from '../screen/terminal.ts';
import { holdsRefusal, readTurn, type Place, type TranscriptFinding } from '../transcript/transcript.ts';
import { toForeignNotice } from '../watch/reported-prompt.ts';
import { watchTurn } from '../watch/turn-watch.ts';

/** A turn that runs in a session. */
export interface CurrentTurn extends SupervisionParts {
  /** Bytes of the transcript that are not of this turn. */
  offset: number;
  /** Somebody else's prompt was reported meanwhile; there may be more behind it. */
  readonly isShared: boolean;
  /** Takes the agent hooks that may be of this turn. */
  readonly tell: HookListener;
  /** Told what an earlier process told of it. */
  readonly restoreNarration: (told: readonly Notice[]) => void;
  /** The turn is over: tells what is still missing of what was said and done. */
  readonly closeNarration: () => Promise<void>;
}

export interface CurrentTurnParts {
  readonly terminal: Terminal;
  readonly files: AgentFiles;
  readonly prompt: string;
  readonly observer: TurnObserver;
  /** Of the conversation, which may move to another file. */
  readonly transcript: () => string;
  readonly earlierTasks: ReadonlySet<string>;
  /** Ids of prompts that were reported before. */
  readonly earlierPrompts: ReadonlySet<string>;
  /** Of the workspace. */
  readonly cwd: string;
  readonly giveUp: () => Promise<void>;
  readonly log: Log;
}

export function beginTurn(parts: CurrentTurnParts): CurrentTurn {
  const { terminal, files, observer, transcript, earlierTasks, giveUp, log } = parts;
  const text = toComposerText(parts.prompt);
  let isShared = false;
  const watch = watchTurn({
    expected: text.expected,
    earlierTasks,
    foreignPrompt(foreign) {
      isShared = true;
      observer.noticed(toForeignNotice(foreign));
    },
  });
  const place = (): Place => ({ file: transcript(), offset: turn.offset });
  const prompts = watchPrompts({ terminal, files, observer, transcript: place, cwd: parts.cwd, log });
  const narration = narrate((notice) => observer.noticed(notice));
  const readTranscript = (): Promise<TranscriptFinding> =>
    readTurn(files, place(), text.expected, parts.earlierPrompts);

  async function catchUp(): Promise<void> {
    if (!narration.isBehind) return;
    try {
      narration.catchUp(await readSteps(files, place(), text.expected, parts.earlierPrompts));
    } catch (error) {
      log.warn({ error: String(error) }, 'narration.not_read'); // the next look reads again
    }
  }

  async function closeNarration(): Promise<void> {
    const lastLook = performance.now() + TRANSCRIPT_LAG_MS;
    const isNoted = (): Promise<boolean> =>
      readTranscript().then(
        ({ kind }) => kind !== 'begun',
        () => true,
      );
    while (narration.isBehind && performance.now() < lastLook && !(await isNoted())) await delay(LOOK_EVERY_MS);
    await catchUp();
    narration.close();
  }

  const turn: CurrentTurn = {
    terminal,
    text,
    observer,
    watch,
    prompts,
    offset: 0,
    get isShared() {
      return isShared;
    },
    readTranscript,
    isRefusalNoted: () => holdsRefusal(files, place()),
    giveUp,
    tell(payload, gone) {
      const isOurs = watch.isOurs(payload);
      if (isOurs) narration.hear(payload);
      if (!isOfTool(payload)) return watch.tell(payload);
      // In a person's own turn the dialog is the person's.
      return isOurs && watch.state !== 'stopping' ? prompts.tell(payload, gone) : {};
    },
    restoreNarration: (told) => narration.restore(told),
    catchUp,
    closeNarration,
  };
  return turn;
}

/** So much later than the agent the transcript has what it said, at most. */
const TRANSCRIPT_LAG_MS = 1_000;
const LOOK_EVERY_MS = 50;

const TOOL_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
]);

function isOfTool({ hook_event_name: event }: HookPayload): boolean {
  return TOOL_EVENTS.has(event);
}
