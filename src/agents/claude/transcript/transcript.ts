import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Charge } from '../../program/prices/reckon.ts';
import { collectCharges, type Charges } from './charges.ts';
import { answerOf, apiErrorOf, asEntry, idOf, promptOf, readEntries, toConversation } from './entries.ts';
import type { Entry, Place } from './entries.ts';
import { endedBy, isStopFeedback, refusedPrompts, stoppedBy, type RefusedPrompt } from './hook-notes.ts';
import { followLines, INTERRUPTED, type LineKind, type TurnLines } from './turn-lines.ts';

/** What a transcript says of one prompt. `promptId` is the one that its agent hooks bear. */
export type TranscriptFinding =
  | { readonly kind: 'absent' }
  /** Somebody's hook kept it from the model; `words` are the hook's. */
  | (RefusedPrompt & { readonly kind: 'refused' })
  | (Found & { readonly kind: 'begun' | 'ended' | 'interrupted' })
  /** It has answered, and what it left behind will wake it again. */
  | (Found & { readonly kind: 'resting'; readonly tasks: readonly string[]; readonly wakeUps: readonly string[] })
  /** Somebody's hook ended it behind a tool; `words` are the hook's. */
  | (Found & { readonly kind: 'stopped'; readonly words: string })
  /** The CLI gave up asking the model; `error` is its kind of error, `message` what it said. */
  | (Found & { readonly kind: 'failed'; readonly error: string; readonly message: string });

interface Found {
  readonly promptId: string | null;
  /** Of a turn that has ended its answer, which is its last message; of another one all that was said so far. Null when
   *  nothing was. */
  readonly text: string | null;
}

/** Looks for the prompt and its end behind `offset`. */
export async function readTurn(
  files: AgentFiles,
  place: Place,
  expected: string,
  earlier?: ReadonlySet<string>,
): Promise<TranscriptFinding> {
  return (await readTurnWithSpent(files, place, expected, earlier)).found;
}

/** What a turn took so far, without what its subagents did. */
export interface Spent {
  readonly charges: readonly Charge[];
  /** It used tools, of which some are subagents. */
  readonly hasTools: boolean;
  /** Under which it ran. */
  readonly promptIds: ReadonlySet<string | null>;
}

/** The same with what it took; null when the prompt is not there. */
export async function readTurnWithSpent(
  files: AgentFiles,
  place: Place,
  expected: string,
  earlier?: ReadonlySet<string>,
): Promise<{ readonly found: TranscriptFinding; readonly spent: Spent | null }> {
  const entries = await readEntries(files, place);
  const turn = follow(entries, expected, earlier);
  return { found: toFinding(turn, entries, expected), spent: toSpent(turn) };
}

/** Reads in the order of the conversation: prompt, answers, and a line at the turn's end. `earlier` as for `followLines`. */
export function followTurn(
  lines: readonly Entry[],
  expected: string,
  earlier?: ReadonlySet<string>,
): TranscriptFinding {
  return toFinding(follow(lines, expected, earlier), lines, expected);
}

function follow(lines: readonly Entry[], expected: string, earlier: ReadonlySet<string> = new Set()): Turn {
  const turn = beginTurn(followLines(expected, earlier));
  for (const entry of toConversation(lines)) take(turn, entry);
  return turn;
}

function toSpent({ state, charges, lines }: Turn): Spent | null {
  if (state === 'absent') return null;
  return { charges: charges.list(), hasTools: charges.hasTools, promptIds: lines.promptIds };
}

interface Turn {
  readonly lines: TurnLines;
  readonly charges: Charges;
  state: 'absent' | 'begun' | 'resting' | 'ended' | 'interrupted' | 'refused' | 'failed' | 'stopped';
  promptId: string | null;
  /** One text for each message, oldest first. */
  readonly messages: string[];
  /** Of the last message: each of its blocks is a line. */
  messageId: unknown;
  error: string;
  message: string;
  /** A Stop hook did not let the end stand that is noted next. */
  isHeldBack: boolean;
  /** What a hook said that ended it behind a tool. */
  endedBy: string | null;
}

function beginTurn(lines: TurnLines): Turn {
  const nothing = {
    promptId: null,
    messages: [],
    messageId: null,
    error: '',
    message: '',
    isHeldBack: false,
    endedBy: null,
  };
  return { lines, charges: collectCharges(), state: 'absent', ...nothing };
}

function take(turn: Turn, entry: Entry): void {
  const kind = turn.lines.take(entry);
  if (kind === 'before' || kind === 'beside') return;
  if (kind !== 'ours') return takePrompt(turn, kind, entry);
  turn.charges.hear(entry);
  if (turn.state !== 'begun') return;
  const stopped = stoppedBy(entry);
  if (promptOf(entry)?.startsWith(INTERRUPTED) === true) turn.state = 'interrupted';
  else if (stopped !== null) {
    turn.state = 'refused';
    turn.message = stopped;
  } else if (apiErrorOf(entry) !== null) fail(turn, entry);
  else {
    say(turn, entry);
    if (isStopFeedback(entry)) turn.isHeldBack = true;
    turn.endedBy = endedBy(entry) ?? turn.endedBy;
    if (isTurnEnd(entry, turn.isHeldBack)) turn.state = toLast(turn);
    if (isStopSummary(entry)) turn.isHeldBack = false;
  }
  if (OVER.has(turn.state)) turn.lines.over();
}

const OVER: ReadonlySet<Turn['state']> = new Set<Turn['state']>(['ended', 'failed', 'stopped']);

function toLast(turn: Turn): Turn['state'] {
  if (turn.endedBy !== null) return 'stopped';
  return isHeld(turn) ? 'resting' : 'ended';
}

function takePrompt(turn: Turn, kind: Exclude<LineKind, 'before' | 'beside' | 'ours'>, entry: Entry): void {
  if (turn.state === 'absent') {
    turn.state = 'begun';
    turn.promptId = idOf(entry);
  } else if (kind === 'woken') turn.state = 'begun';
  // Somebody else's prompt follows and ours had no end.
  else if (kind === 'foreign' && turn.state === 'begun') turn.state = 'interrupted';
}

function fail(turn: Turn, entry: Entry): void {
  turn.state = 'failed';
  turn.error = apiErrorOf(entry) ?? 'unknown';
  turn.message = answerOf(entry) ?? turn.error;
}

function say(turn: Turn, entry: Entry): void {
  const text = answerOf(entry);
  if (text === null || text === '') return;
  const { id } = asEntry(entry['message']);
  const last = turn.messages.at(-1);
  if (last !== undefined && id !== undefined && id === turn.messageId)
    turn.messages[turn.messages.length - 1] = `${last}\n${text}`;
  else turn.messages.push(text);
  turn.messageId = id;
}

/** The CLI notes the run of the Stop hooks, and the time a turn took, at its end. A Stop that one of those hooks did not
 *  let stand is none. */
function isTurnEnd(entry: Entry, isHeldBack: boolean): boolean {
  if (entry['type'] === 'system' && entry['subtype'] === 'turn_duration') return true;
  if (!isStopSummary(entry)) return false;
  if (entry['preventedContinuation'] === true) return true;
  const more = entry['hookAdditionalContext'];
  return !isHeldBack && !(Array.isArray(more) && more.length > 0);
}

function isStopSummary({ type, subtype, hookLabel }: Entry): boolean {
  return type === 'system' && subtype === 'stop_hook_summary' && hookLabel === undefined;
}

function isHeld({ lines: { background } }: Turn): boolean {
  return background.tasks.size + background.wakeUps.size > 0;
}

function toFinding(turn: Turn, entries: readonly Entry[], expected: string): TranscriptFinding {
  const { state, promptId, error, message } = turn;
  const said = turn.messages.length === 0 ? null : turn.messages.join('\n\n');
  switch (state) {
    case 'ended':
      return { kind: 'ended', promptId, text: turn.messages.at(-1) ?? null };
    case 'stopped':
      return { kind: 'stopped', promptId, text: said, words: turn.endedBy ?? '' };
    case 'failed':
      return { kind: 'failed', promptId, text: said, error, message };
    case 'resting': {
      const { tasks, wakeUps } = turn.lines.background;
      return { kind: 'resting', promptId, text: said, tasks: [...tasks], wakeUps: [...wakeUps] };
    }
    case 'refused':
      return { kind: 'refused', words: message };
    case 'begun':
    case 'interrupted':
      return { kind: state, promptId, text: said };
    case 'absent': {
      const refused = refusedPrompts(entries, expected).at(-1);
      return refused === undefined ? { kind: 'absent' } : { kind: 'refused', ...refused };
    }
  }
}
