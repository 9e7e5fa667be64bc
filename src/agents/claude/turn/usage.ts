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

export interface EndParts {
  /** `usage` is asked once, at the end: what subagents say is read only once. */
  readonly readUsage: () => Promise<{
    readonly found: TranscriptFinding['kind'];
    readonly usage: () => Promise<Usage | null>;
  }>;
  /** The agent writes no more. */
  readonly isGone: () => boolean;
}

/** So much later than the agent the transcript has what it said, at most. */
const TRANSCRIPT_LAG_MS = 1_000;
/** A prompt that was put back into the composer is never there. */
const PROMPT_LAG_MS = 200;
const LOOK_EVERY_MS = 10;

/** The end of a turn that the agent had, with what it took: read when the transcript has its end. */
export async function withUsage({ readUsage, isGone }: EndParts, end: TurnEnd): Promise<TurnEnd> {
  if (end.kind === 'unsubmitted') return end;
  const lagMs = end.kind === 'interrupted' ? PROMPT_LAG_MS : TRANSCRIPT_LAG_MS;
  for (const until = performance.now() + lagMs; ;) {
    const { found, usage } = await readUsage();
    if (isNoted(found, end) || isGone()) return { ...end, usage: await usage() };
    // An answer that is not there is not counted as nothing.
    if (performance.now() > until) return { ...end, usage: end.kind === 'completed' ? null : await usage() };
    await delay(LOOK_EVERY_MS);
  }
}

function isNoted(found: TranscriptFinding['kind'], { kind }: TurnEnd): boolean {
  switch (kind) {
    case 'completed':
      return found === 'ended' || found === 'stopped';
    case 'failed':
      return found !== 'begun';
    case 'interrupted':
      return found !== 'absent';
    case 'unsubmitted':
      return true;
  }
}
