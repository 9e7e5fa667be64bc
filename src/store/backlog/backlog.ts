import { transportOf } from '../../core/model/delivery.ts';
import type { Backlog } from '../../core/ports/metrics/backlog.ts';
import type { Statements } from '../sql/statements.ts';
import { owedByLane, queuedByClass, runningByPhase } from './backlog-queries.ts';

export function readBacklog(db: Statements): Backlog {
  return {
    queued: db.all(queuedByClass, {}).map(({ priority, count, oldest }) => ({ priority, count, oldestAt: oldest })),
    running: db.all(runningByPhase, {}).flatMap(({ phase, count }) => (phase === null ? [] : [{ phase, count }])),
    owed: sumUpLanes(db.all(owedByLane, {})),
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
