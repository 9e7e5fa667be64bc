import type { Notice, TurnEnd, TurnObserver } from '../../core/ports/agent.ts';
import type { Log } from '../../core/ports/log.ts';
import type { AgentFiles } from './agent-files.ts';
import { toComposerText } from './composer.ts';
import type { HookPayload } from './hook-payload.ts';
import type { HookListener } from './hook-receiver.ts';
import { watchPrompts } from './permission-prompts.ts';
import type { SupervisionParts } from './supervise.ts';
import type { Terminal } from './terminal.ts';
import { holdsRefusal, isTaskNotification, readTurn, type Place } from './transcript.ts';
import { watchTurn, type TurnWatch } from './turn.ts';

/** A turn that runs in a session. */
export interface CurrentTurn extends SupervisionParts {
  /** Bytes of the transcript that are not of this turn. */
  offset: number;
  /** Somebody else's prompt was reported meanwhile; there may be more behind it. */
  readonly isShared: boolean;
  readonly tellOfTool: HookListener;
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
    readTranscript: () => readTurn(files, place(), text.expected, parts.earlierPrompts),
    isRefusalNoted: () => holdsRefusal(files, place()),
    giveUp,
    // In a person's own turn the dialog is the person's.
    tellOfTool: (payload, gone) =>
      watch.isOurs(payload) && watch.state !== 'stopping' ? prompts.tell(payload, gone) : {},
  };
  return turn;
}

const TOOL_EVENTS: ReadonlySet<string> = new Set([
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'PermissionRequest',
]);

export function isOfTool({ hook_event_name: event }: HookPayload): boolean {
  return TOOL_EVENTS.has(event);
}

/** The end of a turn whose program has ended. */
export function toExited(watch: TurnWatch, screen: string): TurnEnd {
  if (watch.state === 'stopping') return { kind: 'interrupted', text: watch.partialText() };
  const why = `The agent's program ended. Its last lines:\n${screen}`;
  // The agent asks before it gives a prompt to its model, and was not answered.
  const isUnsubmitted = watch.state === 'preparing' || watch.state === 'pasted' || watch.state === 'entered';
  if (isUnsubmitted) return { kind: 'unsubmitted', why };
  return { kind: 'failed', reason: 'agent_exited', error: why, text: watch.partialText() };
}

export function toForeignNotice(prompt: string): Notice {
  return isTaskNotification(prompt)
    ? { type: 'agent.woken', data: {} }
    : { type: 'person.prompted', data: { characters: prompt.length } };
}
