import type { Notice, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Door } from '../door/door.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../process/agent-files.ts';
import { watchPrompts } from '../prompts/permission-prompts.ts';
import { toComposerText } from '../screen/composer.ts';
import type { Terminal } from '../screen/terminal.ts';
import { toForeignNotice } from '../watch/reported-prompt.ts';
import { watchTurn } from '../watch/turn-watch.ts';
import type { SupervisionParts } from './supervise.ts';
import { narrateTurn } from './turn-narration.ts';
import { createTurnTranscript } from './turn-transcript.ts';

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
}

export interface CurrentTurnParts {
  readonly terminal: Terminal;
  readonly door: Door;
  readonly files: AgentFiles;
  readonly prompt: string;
  readonly observer: TurnObserver;
  /** Of the conversation, which may move to another file. */
  readonly transcript: () => string;
  readonly earlierTasks: ReadonlySet<string>;
  /** Ids of prompts that were reported before. */
  readonly earlierPrompts: ReadonlySet<string>;
  /** The prompt that was reported last stands behind a turn that runs. */
  readonly isQueued: () => boolean;
  /** When an earlier process began it (epoch milliseconds); null: it begins now. */
  readonly begunAt: number | null;
  /** Of the workspace. */
  readonly cwd: string;
  readonly giveUp: () => Promise<void>;
  readonly log: Log;
}

export function beginTurn(parts: CurrentTurnParts): CurrentTurn {
  const { terminal, door, files, observer, earlierTasks, earlierPrompts, begunAt, cwd, giveUp, log } = parts;
  const text = toComposerText(parts.prompt);
  const { expected } = text;
  let isShared = false;
  const watch = watchTurn({
    expected,
    earlierTasks,
    isQueued: parts.isQueued,
    foreignPrompt(foreign) {
      isShared = true;
      observer.noticed(toForeignNotice(foreign));
    },
  });
  const transcript = createTurnTranscript({ files, file: parts.transcript, expected, earlierPrompts });
  const prompts = watchPrompts({
    terminal,
    files,
    observer,
    transcript: () => transcript.place(),
    begunAt: begunAt ?? Date.now(),
    cwd,
    log,
  });
  const narration = narrateTurn((notice) => observer.noticed(notice), transcript, log);

  return {
    terminal,
    door,
    displaced: { line: null },
    text,
    observer,
    watch,
    prompts,
    get isShared() {
      return isShared;
    },
    beginsAt: (offset) => void (transcript.offset = offset),
    readTranscript: () => transcript.read(),
    isRefusalNoted: () => transcript.isRefusalNoted(),
    begunAt,
    isFull: async () => !(await files.hasRoom().catch(() => true)),
    giveUp,
    tell(payload, gone) {
      const isOurs = watch.isOurs(payload);
      if (isOurs) narration.hear(payload);
      if (!isOfTool(payload)) return watch.tell(payload);
      // In a person's own turn the dialog is the person's.
      return isOurs && watch.state !== 'stopping' ? prompts.tell(payload, gone) : {};
    },
    restoreNarration: (told) => narration.restore(told),
    catchUp: () => narration.catchUp(),
    closeNarration: () => narration.close(),
  };
}

const TOOL_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
]);

function isOfTool({ hook_event_name: event }: HookPayload): boolean {
  return TOOL_EVENTS.has(event);
}
