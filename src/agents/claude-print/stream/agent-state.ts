import type { Usage } from '../../../core/model/usage/usage.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import type { Line } from './line.ts';
import { createMeter } from './usage.ts';

/** What the agent does, by all that it said. */
export interface AgentState {
  /** No turn runs, ours or one that nobody asked for. */
  readonly isIdle: boolean;
  /** Its turn has ended, and it says in a moment that it does nothing. */
  readonly isEnding: boolean;
  /** Work goes on in the background. */
  readonly hasTasks: boolean;
  /** As the last turn began. */
  readonly permissionMode: string | null;
  /** Requests of the agent that nobody has answered. */
  readonly asks: readonly string[];
  /** What a result took; null for another line. */
  take(line: Line): Usage | null;
}

interface Seen {
  isIdle: boolean;
  isEnding: boolean;
  permissionMode: string | null;
  readonly tasks: Set<string>;
  readonly asks: Set<string>;
}

export function createAgentState(prices: PriceTable): AgentState {
  const meter = createMeter(prices);
  const seen: Seen = { isIdle: true, isEnding: false, permissionMode: null, tasks: new Set(), asks: new Set() };
  return {
    get isIdle() {
      return seen.isIdle;
    },
    get isEnding() {
      return seen.isEnding;
    },
    get hasTasks() {
      return seen.tasks.size > 0;
    },
    get permissionMode() {
      return seen.permissionMode;
    },
    get asks() {
      return [...seen.asks];
    },
    take(line) {
      noteCourse(seen, line);
      noteTasks(seen.tasks, line);
      noteAsks(seen.asks, line);
      return line.kind === 'result' ? meter.read(line.result) : null;
    },
  };
}

function noteCourse(seen: Seen, line: Line): void {
  if (line.kind === 'state') seen.isIdle = line.state === 'idle';
  if (line.kind === 'begun') {
    seen.isIdle = false;
    seen.permissionMode = line.permissionMode ?? seen.permissionMode;
  }
  if (line.kind === 'result') seen.isEnding = true;
  else if (line.kind === 'state' || line.kind === 'begun') seen.isEnding = false;
}

function noteTasks(tasks: Set<string>, line: Line): void {
  if (line.kind === 'task_begun') tasks.add(line.id);
  if (line.kind === 'task_over' || line.kind === 'wakes') tasks.delete(line.id);
  if (line.kind !== 'tasks') return;
  tasks.clear();
  for (const id of line.ids) tasks.add(id);
}

function noteAsks(asks: Set<string>, line: Line): void {
  if (line.kind === 'asks') asks.add(line.requestId);
  if (line.kind === 'answers' || line.kind === 'withdraws') asks.delete(line.requestId);
  if (line.kind === 'result') asks.clear();
}
