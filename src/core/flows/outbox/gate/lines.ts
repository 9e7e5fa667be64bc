import type { Ward } from './places.ts';
import type { Rank } from './spent.ts';

/** One that waits at the gate. */
export interface Waiter {
  readonly address: string;
  readonly rank: Rank;
  readonly ward: Ward;
  /** Of the budgets, in their order. */
  readonly keys: readonly (string | null)[];
  readonly letIn: (leave: (() => void) | null) => void;
}

/** Those of one ward and one rank, first come first. */
export interface Line {
  readonly ward: Ward;
  readonly rank: Rank;
  readonly waiters: Arrived[];
}

/** `number`: all that ever came are counted. */
interface Arrived extends Waiter {
  readonly number: number;
}

export interface Lines {
  /** One of this address waits. */
  isAsked(address: string): boolean;
  /** It has something of this rank by now, and goes before those that have not. */
  hurry(address: string, rank: Rank): void;
  /** The lines of each rank, low before high: what wards share are budgets, so an answer of any ward goes before
   *  progress. */
  readonly ranks: readonly (readonly Line[])[];
  add(waiter: Waiter): void;
  /** It is told that it is not let in, unless it was. */
  remove(waiter: Waiter): void;
  /** So are all. */
  clear(): void;
}

export function createLines(): Lines {
  const wards = ['living', 'new', 'failing'] as const;
  const ranks = ([0, 1, 2] as const).map((rank) => wards.map((ward): Line => ({ ward, rank, waiters: [] })));
  const all = ranks.flat();
  let count = 0;

  function add(waiter: Waiter): void {
    const line = all.find(({ ward, rank }) => ward === waiter.ward && rank === waiter.rank);
    line?.waiters.push({ ...waiter, number: (count += 1) });
  }

  return {
    ranks,
    add,
    remove(waiter) {
      for (const { waiters } of all) {
        const at = waiters.findIndex(({ letIn }) => letIn === waiter.letIn);
        for (const gone of at === -1 ? [] : waiters.splice(at, 1)) gone.letIn(null);
      }
    },
    clear() {
      for (const { letIn } of all.flatMap(({ waiters }) => waiters.splice(0))) letIn(null);
    },
    isAsked: (address) => all.some(({ waiters }) => waiters.some((waiter) => waiter.address === address)),
    hurry(address, rank) {
      for (const { waiters } of all.filter((line) => line.rank > rank)) {
        const at = waiters.findIndex((waiter) => waiter.address === address);
        for (const late of at === -1 ? [] : waiters.splice(at, 1)) add({ ...late, rank });
      }
    },
  };
}

/** Those of one rank as they came, whatever is known of them: they may share a budget, and one that is busy all the time
 *  would leave nothing of it for those that nobody knows yet. Of a ward without a place nobody. `take` takes that one out
 *  of its line. */
export function* walk(
  rank: readonly Line[],
  hasPlace: (ward: Ward) => boolean,
): Generator<{ readonly waiter: Waiter; readonly take: () => void }> {
  const queues = rank.map(({ ward, waiters }) => ({ ward, waiters, at: 0 }));
  for (let queue = findFirst(queues, hasPlace); queue !== null; queue = findFirst(queues, hasPlace)) {
    const { waiters, at } = queue;
    const waiter = waiters[at];
    if (waiter === undefined) return;
    queue.at += 1;
    const passed = queue;
    yield {
      waiter,
      take() {
        waiters.splice(at, 1);
        passed.at = at;
      },
    };
  }
}

/** `at`: those before it were walked past. */
type Queue = Pick<Line, 'ward' | 'waiters'> & { at: number };

function findFirst(queues: readonly Queue[], hasPlace: (ward: Ward) => boolean): Queue | null {
  let first: Queue | null = null;
  let least = Infinity;
  for (const queue of queues) {
    const { number } = queue.waiters[queue.at] ?? { number: Infinity };
    if (number >= least || !hasPlace(queue.ward)) continue;
    first = queue;
    least = number;
  }
  return first;
}
