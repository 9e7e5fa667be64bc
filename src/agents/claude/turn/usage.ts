import { setTimeout as delay } from 'node:timers/promises';
import { sumUp, type Usage } from '../../../core/model/usage/usage.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import { reckon } from '../../program/prices/reckon.ts';
import { collectCharges, type Subagents } from '../transcript/charges.ts';
import type { Spent, TranscriptFinding } from '../transcript/transcript.ts';

export interface UsageParts {
  readonly prices: PriceTable;
  readonly subagents: Subagents;
}

/** What a turn took, with its subagents. Null: its prompt is not in the transcript, so nobody knows. */
export async function toUsage(
  { prices, subagents }: UsageParts,
  transcript: string,
  spent: Spent | null,
): Promise<Usage | null> {
  if (spent === null) return null;
  const theirs = collectCharges();
  if (spent.hasTools) for (const entry of await subagents.read(transcript, spent.promptIds)) theirs.hear(entry);
  return sumUp(reckon(prices, [...spent.charges, ...theirs.list()]));
}

/** What the transcript says by now. `usage` is asked once, at the end: what subagents say is read only once. */
export type ReadSpent = () => Promise<{
  readonly found: TranscriptFinding['kind'];
  readonly usage: () => Promise<Usage | null>;
}>;

export interface EndParts {
  readonly read: ReadSpent;
  /** The agent writes no more. */
  readonly isGone: () => boolean;
}

/** How a turn ended of which something can be read. */
export type ReadEnd = Exclude<TurnEnd['kind'], 'unsubmitted'>;

/** So much later than the agent the transcript has what it said, at most, on a machine that is busy: some 0.1 s on
 *  another one. */
const TRANSCRIPT_LAG_MS = 2_500;
/** A prompt that was put back into the composer is never there. */
const PROMPT_LAG_MS = 200;
const LOOK_EVERY_MS = 20;

/** What a turn took that has ended, read when the transcript has its end. `endedAt`: by `performance.now()`. */
export async function readNoted(
  { read, isGone }: EndParts,
  end: ReadEnd,
  endedAt = performance.now(),
): Promise<Usage | null> {
  const until = endedAt + (end === 'interrupted' ? PROMPT_LAG_MS : TRANSCRIPT_LAG_MS);
  for (;;) {
    const isLast = isGone();
    const { found, usage } = await read();
    if (isNoted(found, end) || isLast) return usage();
    // An answer that is not there is not counted as nothing.
    if (performance.now() > until) return end === 'completed' ? null : usage();
    await delay(LOOK_EVERY_MS);
  }
}

function isNoted(found: TranscriptFinding['kind'], end: ReadEnd): boolean {
  switch (end) {
    case 'completed':
      return found === 'ended' || found === 'stopped';
    case 'failed':
      return found !== 'begun' && found !== 'absent';
    case 'interrupted':
      return found !== 'absent';
  }
}
