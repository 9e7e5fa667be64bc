import type { Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement } from '../../../core/ports/agent.ts';
import type { Menu } from '../screen/menu.ts';
import { asksSomething, type Screen } from '../screen/screen.ts';
import type { Place } from '../transcript/entries.ts';

/** A permission prompt of a turn that nobody settled yet. */
export interface Prompt {
  readonly ask: ApprovalAsk;
  /** What becomes of it stands there. */
  readonly place: Place;
  readonly askedAt: number;
  /** The same as epoch milliseconds, also when an earlier process was told of it. */
  readonly since: number;
  readonly settled: PromiseWithResolvers<Settlement>;
  /** Answers the agent hook; null when none waits. */
  reply: ((answer: object) => void) | null;
  decision: Decision | null;
  /** How the decision was handed over. */
  handed: 'hook' | 'keys' | null;
  isSeen: boolean;
  /** Since when its dialog is gone from the screen, at each look; null: it stands, or was not looked for. */
  goneSince: number | null;
}

export function toPrompt(ask: ApprovalAsk, place: Place, since: number, reply: Prompt['reply']): Prompt {
  const settled = Promise.withResolvers<Settlement>();
  const fresh = { decision: null, handed: null, isSeen: false, goneSince: null };
  return { ask, place, askedAt: performance.now(), since, settled, reply, ...fresh };
}

/** The dialog of a permission prompt, if one stands. */
export function promptMenu(screen: Screen): Menu | null {
  return screen.kind === 'other' && asksSomething(screen) ? screen.menu : null;
}
