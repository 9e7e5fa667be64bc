import type { Rule } from '../helpers/scripted-agent/script.ts';
import { isBefore, isBehindEnd, isOfApproval, type CrashPlan, type Kind, type Point } from './points.ts';

/** How the agent treats a prompt. */
const DEEDS = ['quick', 'short', 'slow', 'long', 'sticky', 'asking'] as const;
/** `endless`: works until it is interrupted, so only for what is cancelled. */
type Deed = (typeof DEEDS)[number] | 'endless';

export interface PlannedRequest {
  readonly workspace: string;
  /** Stands in the prompt and in its answer, and nowhere else. */
  readonly mark: string;
  readonly command: string;
  /** When its client asks to cancel it: as soon as it is accepted, or once the gateway is back. An early one is
   *  asked again then, for its answer may have been lost. */
  readonly cancel: 'never' | 'early' | 'late';
  /** What is decided when its agent asks. */
  readonly decision: 'allow' | 'deny';
}

export interface Scenario {
  readonly seed: number;
  /** One list for each session, in the order of submission. */
  readonly sessions: readonly (readonly PlannedRequest[])[];
  readonly plan: CrashPlan;
}

const TOOL = { tool: 'Write', input: { file_path: toToolFile('{1}'), content: 'x' }, denied: 'done {1}' };

export const RULES: readonly Rule[] = [
  { match: 'job (\\S+) short', do: { delayMs: 150, text: 'done {1}' } },
  { match: 'job (\\S+) slow', do: { delayMs: 900, text: 'done {1}' } },
  { match: 'job (\\S+) long', do: { delayMs: 1_800, text: 'done {1}' } },
  { match: 'job (\\S+) sticky', do: { swallowEnter: 1, delayMs: 100, text: 'done {1}' } },
  // Allowed or denied, the answer is the same; the journal tells whether the tool ran.
  { match: 'job (\\S+) asking', do: { ask: TOOL, text: 'done {1}' } },
  { match: 'job (\\S+) endless', do: { hang: true } },
  { match: 'job (\\S+)', do: { text: 'done {1}' } },
];

/** What comes after all that was planned: a session must go on. */
export function createLast(workspace: string): PlannedRequest {
  const mark = `${workspace}-last`;
  return { workspace, mark, command: `job ${mark} quick`, cancel: 'never', decision: 'deny' };
}

/** What a tool is asked for. */
export function toToolFile(mark: string): string {
  return `/nowhere/${mark}`;
}

export function answerTo(mark: string): string {
  return `done ${mark}`;
}

/** The mark of a prompt as it arrived. */
export function markOf(prompt: string): string | null {
  return /job (\S+)/.exec(prompt)?.[1] ?? null;
}

/** The same seed makes the same scenario, but for the moments that the machine decides. */
export function createScenario(point: Point, kind: Kind, seed: number): Scenario {
  const dice = createDice(`${point} ${kind} ${seed}`);
  const sizes = Array.from({ length: dice.from(1, 3) }, () => dice.from(1, 3));
  const hit = dice.from(0, sizes.length - 1);
  const hitIndex = dice.from(0, (sizes[hit] ?? 1) - 1);
  const cancels = point !== 'K0' && !isBehindEnd(point) && dice.chance(0.25);
  const plan: CrashPlan = {
    point,
    kind,
    mark: ` ${toMark(hit, hitIndex)} `,
    delayMs: toDelay(dice, point),
    holds: point !== "K3'" && (mustHold(point) || dice.chance(0.5)),
    cancels,
  };
  const sessions = sizes.map((size, session) =>
    Array.from({ length: size }, (_, index) => {
      const isHit = session === hit && index === hitIndex;
      const isAhead = session === hit && index < hitIndex;
      // What is to come to its point is not cancelled on the way.
      const cancel = dice.chance(0.15) && !isHit ? 'early' : dice.chance(0.1) ? 'late' : 'never';
      const asks = isHit && isOfApproval(point);
      const mayHang = isHit
        ? (cancels || cancel === 'late') && point !== 'K5-' && !isBehindEnd(point) && !asks
        : cancel === 'early' || (cancel === 'late' && !isAhead);
      const deed: Deed = asks ? 'asking' : mayHang && dice.chance(0.6) ? 'endless' : dice.of(DEEDS);
      const mark = toMark(session, index);
      return {
        workspace: `w${session}`,
        mark,
        command: dice.of(FORMS)(`job ${mark} ${deed}`),
        cancel,
        decision: dice.of(DECISIONS),
      } as const;
    }),
  );
  return { seed, sessions, plan };
}

function toMark(session: number, index: number): string {
  return `w${session}-${index}`;
}

function toDelay(dice: Dice, point: Point): number {
  // Either some time around the press of Enter, or in the moment of the report.
  if (point === "K3'") return dice.chance(0.5) ? dice.from(5, 100) : 60_000;
  return dice.chance(0.4) ? 0 : dice.from(1, point === 'K4' ? 400 : 120);
}

function mustHold(point: Point): boolean {
  return isBefore(point) || point === 'K1' || point === 'K2' || point === 'K3';
}

const FORMS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => `/${line} and no command`,
  (line) => `${line} ok\n\n  two\tmore lines\nends with @file`,
  (line) => `${line} ${'wide and wider '.repeat(40)}`,
  (line) => `${line} ${'a text that is shown as a label '.repeat(60)}`,
  (line) => `${line} list\n${Array.from({ length: 60 }, (_, at) => `${at}. point of a long list`).join('\n')}`,
];

const DECISIONS = ['allow', 'deny'] as const;

interface Dice {
  /** A whole number, both ends included. */
  from(low: number, high: number): number;
  chance(of: number): boolean;
  of<T>(all: readonly T[]): T;
}

/** mulberry32, begun with a digest of the words. */
function createDice(words: string): Dice {
  let state = Buffer.from(words).reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619), 2_166_136_261);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const from = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    from,
    chance: (of) => next() < of,
    of<T>(all: readonly T[]): T {
      const found = all[from(0, all.length - 1)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
  };
}
