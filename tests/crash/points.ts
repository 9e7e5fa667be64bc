/** Where the gateway is killed: the points of DESIGN.md's "The life of a turn", on the way of one request.
 *  K6, of deliveries, comes with the outbox; until then a request is over at `K5+`. */
export const POINTS = {
  K0: 'accepted',
  K1: 'claimed',
  K2: 'transcript offset noted, nothing pasted',
  "K2'": 'pasted, no intent committed',
  K3: 'intent committed, no Enter',
  "K3'": 'Enter pressed, report not stored',
  K4: 'working committed',
  'A-': 'approval asked, not committed',
  A: 'approval committed',
  D: 'decision committed, not given',
  'S-': 'decision taken, not committed',
  'K5-': 'end told, not committed',
  'K5+': 'end committed',
  'U-': 'what it took told, not committed',
  U: 'what it took committed',
} as const;

export type Point = keyof typeof POINTS;

/** What dies: `gateway` its process alone; `host` also the tmux server with all agents, in the same moment. */
export const KINDS = ['gateway', 'host'] as const;
export type Kind = (typeof KINDS)[number];

/** What the doomed gateway is told, as JSON in CRASH_PLAN. */
export interface CrashPlan {
  readonly point: Point;
  readonly kind: Kind;
  /** In the prompt of the request that is hit. */
  readonly mark: string;
  /** From the point to the kill. */
  readonly delayMs: number;
  /** Whether that request stands still at the point until the kill; `K3'` never does. */
  readonly holds: boolean;
  /** Its cancel is committed just before the kill. */
  readonly cancels: boolean;
}

/** The points at which the step itself is not on disk yet. */
export function isBefore(point: Point): boolean {
  return point === "K2'" || point === 'A-' || point === 'S-' || point === 'K5-' || point === 'U-';
}

/** The points at which the request that is hit has its end on disk. */
export function isBehindEnd(point: Point): boolean {
  return point === 'K5+' || point === 'U-' || point === 'U';
}

/** The points that only a turn comes to whose agent asks for permission. */
export function isOfApproval(point: Point): boolean {
  return point === 'A-' || point === 'A' || point === 'D' || point === 'S-';
}
