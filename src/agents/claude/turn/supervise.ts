import type { Arrival, TurnObserver } from '../../../core/ports/agent.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import { compareArrived, isSamePrompt } from '../screen/arrived-prompt.ts';
import type { PermissionPrompts } from '../prompts/permission-prompts.ts';
import { createStanding, isTyping } from '../submission/standing.ts';
import { composerHolds, type Retrying, type Screen } from '../screen/screen.ts';
import { isSince } from '../screen/key-times.ts';
import type { View } from '../screen/terminal.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import { isInConversation, toEnd, toLost, toStopped, type Stopper } from '../watch/turn-ends.ts';
import type { TurnWatch } from '../watch/turn-watch.ts';
import type { Memory } from '../../program/launch/memory.ts';
import type { ComposerParts } from './leave-composer.ts';
import type { TurnDialogs } from './turn-dialogs.ts';

export interface SupervisionParts extends ComposerParts {
  readonly watch: TurnWatch;
  readonly observer: TurnObserver;
  readonly prompts: PermissionPrompts;
  readonly memory: Pick<Memory, 'lost' | 'told'>;
  readonly dialogs: TurnDialogs;
  /** What the transcript says of this turn by now. */
  readonly readTranscript: () => Promise<TranscriptFinding>;
  /** Tells what the agent said and did, as far as its agent hooks were missed and its transcript has it by now. */
  readonly catchUp: () => Promise<void>;
  /** Whether the agent has noted that this turn's prompt was refused. */
  readonly isRefusalNoted: () => Promise<boolean>;
  /** Whether the disk of the agent's home is. */
  readonly isFull: () => Promise<boolean>;
  /** Whether a hook of the turn still runs that may wake the agent again. */
  readonly mayBeWoken: () => Promise<boolean>;
  /** Epoch milliseconds; null: it begins when it is supervised. */
  readonly begunAt: number | null;
  /** Nobody can tell any more what the agent does: it must be ended. */
  readonly giveUp: () => Promise<void>;
}

/** After Enter, the pauses between two looks while no report comes. A live agent reports within 0.2 s. */
const REPORT_LOOKS_MS = [500, 500, 1_000, 2_000];
/** An idle agent that has reported nothing for so long, and holds nothing, will not. */
const SILENT_MAX_MS = 15_000;
/** An agent that takes none of so many will take no further one. */
const REPEATS_MAX = 5;
const WORKING_LOOK_MS = 2_000;
const WAITING_LOOK_MS = 300;
/** An agent that was idle for so long, whose turn has no end in its transcript: it is over. */
const IDLE_MS = 3_500;
/** With our prompt back in its composer. */
const IDLE_HOLDING_MS = 1_500;
const DIALOG_MS = 3_500;
const ATTENDED_MS = 60_000;
/** Whoever edits our prompt in the composer presses a key within this time; to attach looks like one. Had it been
 *  submitted and stopped, it would have been reported. */
const EDITING_MS = 3_000;

/** Who must have interrupted a turn that began then. */
export function stopperOf(keyAt: number | null, begunAt: number): Stopper {
  return isSince(keyAt, begunAt) ? 'person' : 'program';
}

/** From the press of Enter to the end of the turn: sees to what agent hooks do not tell (a swallowed Enter,
 *  a model out of reach, a turn that a person stopped, a dialog, a report that was lost). */
export async function supervise(parts: SupervisionParts, signal: AbortSignal): Promise<void> {
  const { watch } = parts;
  const over = watch.end.then(() => {});
  await untilReceived(parts, over, signal);
  if (!watch.isReceived) return;
  await tellArrival(parts);
  await untilEnded(parts, over, signal);
}

async function untilReceived(parts: SupervisionParts, over: Promise<void>, signal: AbortSignal): Promise<void> {
  const { watch, terminal, observer } = parts;
  const settled = Promise.race([watch.received, watch.retracted(), over]);
  let silentSince = performance.now();
  let wasHeld = false;
  let repeats = 0;
  for (let look = 0; watch.state === 'entered'; look += 1) {
    const pauseMs = REPORT_LOOKS_MS[look] ?? REPORT_LOOKS_MS.at(-1) ?? 0;
    if ((await settlesWithin(settled, pauseMs, signal)) || signal.aborted) return;
    const view = await terminal.look().catch(() => null); // a tmux that does not answer tells nothing
    const found = await parts.readTranscript();
    if (found.kind === 'refused') return endAs(watch, found, 'unknown');
    if (found.kind !== 'absent') return watch.joined(found.promptId);
    if (view === null) continue; // its end is told by the one who waits for it
    const isEdited = isTyping(view, EDITING_MS);
    // Behind a turn that was stopped no end is told.
    const isDue = !watch.isBehind() || view.screen.kind === 'idle';
    const isHeld = isDue && !isEdited && (await holdsOurs(parts, view));
    if (isHeld) {
      silentSince = performance.now();
      if (watch.state !== 'entered') return;
      // A long text stands there for a while although Enter was taken.
      if (wasHeld) {
        repeats += 1;
        if (repeats > REPEATS_MAX) return giveUp(parts, UNSENT);
        observer.noticed({ type: 'enter.repeated', data: {} });
        watch.repeating();
        await terminal.press('Submit');
      }
    } else if (isEdited || view.screen.kind === 'working' || isTyping(view, ATTENDED_MS)) {
      silentSince = performance.now(); // behind a person's turn, or in a person's hands
    } else if (performance.now() - silentSince > SILENT_MAX_MS) {
      return giveUp(parts, 'The agent did not take the prompt after Enter.');
    }
    wasHeld = isHeld;
  }
}

const UNSENT =
  'Enter does not send what stands in the agent’s composer: look whether `enter` is bound to something else in .claude/keybindings.json of its home.';

/** The agent asks before it gives a prompt to its model, and it is ended before it could. */
function giveUp({ watch, giveUp: end }: SupervisionParts, why: string): Promise<void> {
  watch.finish({ kind: 'unsubmitted', why });
  return end();
}

/** Whether Enter would submit our prompt and nothing else. The editor that opens proves that no dialog has the keys. */
async function holdsOurs({ door, text }: SupervisionParts, { screen }: View): Promise<boolean> {
  if (!door.isThere) return screen.kind === 'idle' && composerHolds(screen.composer, text.expected);
  const found = await door.read();
  return found.kind === 'kept' && found.was !== null && isSamePrompt(found.was.text, text.expected);
}

async function tellArrival({ watch, text, observer, memory }: SupervisionParts): Promise<void> {
  const { lost } = memory;
  await observer.working({ ...toArrival({ watch, text }), lost: lost?.why ?? null });
  if (lost === null) return;
  observer.noticed({ type: 'conversation.lost', data: { ...lost } });
  // Unwritten, the next request is told once more.
  await memory.told().catch(() => {});
}

function toArrival({ watch, text }: Pick<SupervisionParts, 'watch' | 'text'>): Arrival {
  const arrived = watch.arrived ?? text.expected;
  return { text: arrived, altered: [...text.altered, ...(compareArrived(arrived, text.expected) ?? [])] };
}

async function untilEnded(parts: SupervisionParts, over: Promise<void>, signal: AbortSignal): Promise<void> {
  const { watch, terminal, observer, prompts } = parts;
  const look = createLook(parts, parts.begunAt ?? Date.now());
  let retrying: Retrying | null = null;
  const isOver = (): boolean => watch.state === 'ended' || signal.aborted;
  while (!isOver()) {
    const pauseMs = prompts.isPressing || parts.dialogs.isOpen ? WAITING_LOOK_MS : WORKING_LOOK_MS;
    await settlesWithin(Promise.race([over, prompts.changed()]), pauseMs, signal);
    if (isOver()) return;
    const view = await terminal.look().catch(() => null); // a tmux that does not answer tells nothing
    if (view === null) continue;
    const seen = view.screen.kind === 'working' ? view.screen.retrying : null;
    if (seen !== null && seen.attempt !== retrying?.attempt)
      observer.noticed({ type: 'agent.retrying', data: { ...seen } });
    retrying = seen;
    await parts.catchUp();
    if (!isOver()) await prompts.look(view);
    if (!isOver()) await look(view);
  }
}

/** Looks for an end that no agent hook told. */
function createLook(parts: SupervisionParts, begunAt: number): (view: View) => Promise<void> {
  const { watch } = parts;
  const idle = createStanding();
  const dialog = createStanding();

  async function readEnd({ keyAt }: View): Promise<TranscriptFinding> {
    const found = await parts.readTranscript();
    noteProgress(watch, found);
    if (found.kind === 'ended' && (await parts.mayBeWoken())) idle.over();
    else endAs(watch, found, stopperOf(keyAt, begunAt));
    return found;
  }

  async function lookAtIdle(view: View): Promise<void> {
    // What it told to be its end is followed by another one.
    if (watch.state === 'ending') return;
    if (watch.state === 'background') return lookAtRest(view);
    const found = await readEnd(view);
    if (watch.state !== 'working') return;
    // An early Escape puts the prompt back and leaves no other trace.
    const isPutBack = idle.stands() >= IDLE_HOLDING_MS && (await holdsOurs(parts, view));
    if (!isPutBack && idle.stands() < IDLE_MS) return;
    const said = watch.partialText() ?? ('text' in found ? found.text : null);
    const by = stopperOf(view.keyAt, begunAt);
    watch.finish(isPutBack || by === 'person' ? toStopped(said, by) : toLost(said, await parts.isFull()));
  }

  /** Nothing is left that would wake the agent, or it was woken before anybody listened: nobody told its end. */
  async function lookAtRest(view: View): Promise<void> {
    if (!(watch.isAlone || watch.restsByTranscript) || idle.stands() < IDLE_MS) return;
    await readEnd(view);
    if (watch.isAlone && idle.stands() >= IDLE_MS) watch.stands();
  }

  async function lookAtDialog(view: View): Promise<void> {
    if (view.screen.kind !== 'other' || isTyping(view, ATTENDED_MS)) return;
    const limited = view.screen.dialog === 'usage_limit';
    if (!limited && !parts.prompts.isOpen) parts.dialogs.look(view);
    // A view of the transcript, a menu that somebody left: the turn goes on behind it.
    if (view.screen.dialog === 'unknown') return void (await readEnd(view));
    if (!limited && isAsked(parts, view.screen)) return dialog.over();
    if (dialog.stands() < DIALOG_MS) return;
    watch.finish({
      kind: 'failed',
      reason: limited ? 'usage_limited' : 'agent_error',
      error: `A dialog stood on the agent’s screen and nobody answered it:\n${view.screen.lines}`,
      text: watch.partialText(),
    });
    await parts.giveUp();
  }

  return async (view) => {
    if (view.screen.kind !== 'idle') idle.over();
    if (view.screen.kind !== 'other') dialog.over();
    if (watch.isOvertaken || watch.isNameless) await readEnd(view);
    if (view.screen.kind === 'idle') await lookAtIdle(view);
    if (view.screen.kind === 'other') await lookAtDialog(view);
    else parts.dialogs.look(view);
  };
}

/** Somebody is to decide what stands there, or will be asked in a moment. */
function isAsked({ prompts, dialogs }: SupervisionParts, screen: Screen): boolean {
  return prompts.isOpen || dialogs.isOpen || (screen.kind === 'other' && screen.isAsking && screen.shown !== null);
}

function noteProgress(watch: TurnWatch, found: TranscriptFinding): void {
  if (watch.isNameless && isInConversation(found)) watch.joined(found.promptId);
  if (found.kind === 'resting') watch.rests(found.tasks, found.wakeUps);
}

function endAs(watch: TurnWatch, found: TranscriptFinding, by: Stopper): void {
  const end = toEnd(found, watch.partialText(), by);
  if (end !== null) watch.finish(end);
}
