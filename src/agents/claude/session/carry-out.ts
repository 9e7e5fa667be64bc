import type { Reason } from '../../../core/model/request.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import { TmuxHiddenError } from '../../tmux/tmux.ts';
import { TerminalGoneError } from '../screen/terminal.ts';
import { NotReadyError } from '../submission/not-ready.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import { interrupt } from '../turn/interrupt.ts';
import { leaveComposer, leaveRefused } from '../turn/leave-composer.ts';
import type { TurnState } from '../watch/turn-course.ts';
import type { Life } from '../../program/ending/life.ts';
import type { Reports } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface CarryParts {
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly life: Life;
}

/** What is done in a turn until its end is known. Without an end it returns only when the signal aborts. */
export type Steps = (turn: CurrentTurn, signal: AbortSignal) => Promise<void>;

const STEPS_MAX_MS = 2_000;
/** A report that comes later than this behind its turn is of something else. */
const REPORT_MAX_MS = 30_000;
const NEVER: AbortSignal = new AbortController().signal;

/** Carries the turn out. When the caller gives up, it is interrupted. */
export async function carryOut(
  parts: CarryParts,
  turn: CurrentTurn,
  steps: Steps,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { slot, reports, life } = parts;
  const { watch } = turn;
  const over = new AbortController();
  slot.current = turn;
  let was = watch.state;
  const onAbort = (): void => {
    was = watch.state;
    watch.stopping();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  try {
    const either = AbortSignal.any([signal, over.signal, life.released]);
    const stepping = steps(turn, either).catch((error: unknown) => fail(parts, turn, error, signal));
    await Promise.race([watch.end, stepping]);
    over.abort();
    // A tmux that does not answer must not hold up what is known.
    await settlesWithin(stepping, STEPS_MAX_MS, NEVER);
    if (watch.state === 'ended') await concludeEnded(turn, life);
    // The agent works on; a later process will hear of the end.
    else if (life.released.aborted) return await new Promise(() => {});
    else await stop(turn, was, life);
    return withUsage(turn, life, await watch.end);
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!turn.isShared) reports.turnOver();
    if (watch.isDue) slot.unreported = { text: turn.text.expected, until: performance.now() + REPORT_MAX_MS };
    slot.agent = signal.aborted || !watch.isReceived ? 'unsteady' : 'steady';
    slot.current = null;
  }
}

/** What it took comes behind the end, for the transcript lags. Of a turn that the agent never had nothing can be read; one
 *  that completed while nobody listened was had, also where a cancel came before that was found out. */
function withUsage({ watch, followUsage }: CurrentTurn, life: Life, end: TurnEnd): TurnEnd {
  if (end.kind === 'unsubmitted' || (!watch.isReceived && end.kind !== 'completed')) return end;
  let isGone = false;
  void life.exited.then(() => (isGone = true));
  return { ...end, laterUsage: followUsage(end.kind, () => isGone) };
}

async function stop(turn: CurrentTurn, was: TurnState, life: Life): Promise<void> {
  turn.dialogs.close();
  // An Escape in the moment of a permission would look like a No.
  await settlesWithin(turn.prompts.stop(), STEPS_MAX_MS, NEVER);
  const isIdle = await interrupt(turn, was);
  await conclude(turn, 'cancelled');
  if (isIdle) await inTime(leaveComposer(turn, true));
  turn.watch.finish({ kind: 'interrupted', text: turn.watch.partialText() });
  if (!isIdle) await life.close();
}

async function concludeEnded(turn: CurrentTurn, life: Life): Promise<void> {
  await conclude(turn, 'ended');
  const end = await turn.watch.end;
  if (life.isClosing) return;
  const reason = end.kind === 'failed' ? end.reason : null;
  if (reason === 'submission_rejected' || reason === 'prompt_altered')
    await inTime(leaveRefused(turn, turn.watch.arrived ?? ''));
  const mayHoldOurs = reason !== null && PUT_BACK.has(reason);
  if (mayHoldOurs || turn.displaced.line !== null) await inTime(leaveComposer(turn, mayHoldOurs));
}

/** Ends of which the prompt may stand in the composer again. */
const PUT_BACK: ReadonlySet<Reason> = new Set<Reason>(['interrupted', 'prompt_refused']);

async function conclude(turn: CurrentTurn, why: 'ended' | 'cancelled'): Promise<void> {
  turn.dialogs.close();
  await turn.prompts.close(why);
  await turn.closeNarration();
}

/** A terminal that does not answer must not hold up what is known. */
async function inTime(leaving: Promise<void>): Promise<void> {
  await settlesWithin(
    leaving.catch(() => {}),
    STEPS_MAX_MS,
    NEVER,
  );
}

async function fail({ slot, life }: CarryParts, turn: CurrentTurn, error: unknown, signal: AbortSignal): Promise<void> {
  const { watch } = turn;
  if (signal.aborted || life.released.aborted || watch.state === 'ended') return;
  if (error instanceof TerminalGoneError && watch.state === 'working') {
    // Its end is being told.
    await watch.end;
    return;
  }
  if (error instanceof NotReadyError || error instanceof TerminalGoneError || error instanceof TmuxHiddenError) {
    watch.finish({ kind: 'unsubmitted', why: error.message });
    return life.close();
  }
  // What a step of the observer rejected with is the end.
  slot.current = null;
  await life.close();
  throw error;
}
