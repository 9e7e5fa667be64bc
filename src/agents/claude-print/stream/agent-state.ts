import type { Usage } from '../../../core/model/request.ts';
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
  readonly sessionId: string | null;
  /** Requests of the agent that nobody has answered. */
  readonly asks: readonly string[];
  /** What a result took; null for another line. */
  take(line: Line): Usage | null;
}

export function createAgentState(): AgentState {
  const meter = createMeter();
  const tasks = new Set<string>();
  const asks = new Set<string>();
  let isIdle = true;
  let isEnding = false;
  let permissionMode: string | null = null;
  let sessionId: string | null = null;

  function hear(line: Line): void {
    switch (line.kind) {
      case 'state':
        isIdle = line.state === 'idle';
        isEnding = false;
        return;
      case 'begun':
        isIdle = false;
        permissionMode = line.permissionMode ?? permissionMode;
        sessionId = line.sessionId ?? sessionId;
        return;
      case 'tasks':
        tasks.clear();
        for (const id of line.ids) tasks.add(id);
        return;
      case 'task_begun':
        tasks.add(line.id);
        return;
      case 'task_over':
      case 'wakes':
        tasks.delete(line.id);
        return;
      case 'asks':
        asks.add(line.requestId);
        return;
      case 'answers':
      case 'withdraws':
        asks.delete(line.requestId);
        return;
      case 'result':
        asks.clear();
        isEnding = true;
        return;
      default:
        return;
    }
  }

  return {
    get isIdle() {
      return isIdle;
    },
    get isEnding() {
      return isEnding;
    },
    get hasTasks() {
      return tasks.size > 0;
    },
    get permissionMode() {
      return permissionMode;
    },
    get sessionId() {
      return sessionId;
    },
    get asks() {
      return [...asks];
    },
    take(line) {
      hear(line);
      return line.kind === 'result' ? meter.read(line.result) : null;
    },
  };
}
