import { transportOf } from '../../core/model/delivery.ts';
import type { Backlog } from '../../core/ports/metrics/backlog.ts';
import { all, type Step } from '../sql/step.ts';
import { owedByLane, queuedByClass, runningByPhase } from './backlog-queries.ts';

export function* readBacklog(): Step<Backlog> {
  const queued = yield* all(queuedByClass, {});
  const running = yield* all(runningByPhase, {});
  const owed = yield* all(owedByLane, {});
  return {
    queued: queued.map(({ priority, count, oldest }) => ({ priority, count, oldestAt: oldest })),
    running: running.flatMap(({ phase, count }) => (phase === null ? [] : [{ phase, count }])),
    owed: sumUpLanes(owed),
  };
}

interface OwedLane {
  readonly lane: string;
  readonly count: number;
  readonly oldest: number;
}

function sumUpLanes(lanes: readonly OwedLane[]): Backlog['owed'] {
  const byTransport = Map.groupBy(lanes, ({ lane }) => transportOf(lane));
  return [...byTransport].map(([transport, owed]) => ({
    transport,
    count: owed.reduce((sum, { count }) => sum + count, 0),
    oldestAt: Math.min(...owed.map(({ oldest }) => oldest)),
  }));
}
