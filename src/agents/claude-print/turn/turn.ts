import type { AgentRule } from '../../../core/model/approval.ts';
import type { Usage } from '../../../core/model/usage/usage.ts';
import type { EarlierAsk, Notice, TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { namesMessages } from '../../program/versions/versions.ts';
import type { Line } from '../stream/line.ts';
import type { Saying } from '../stream/words.ts';
import { createAsking, type Asking } from './asking.ts';
import { createCourse, type TurnState } from './course.ts';
import { narrate, type Narration } from './narration.ts';

/** The turn that runs, or an earlier one that is heard once more. */
export interface Turn {
  readonly state: TurnState;
  /** Of its message; null while nothing was said. */
  readonly uuid: string | null;
  readonly asking: Asking;
  /** The agent has begun it. */
  readonly isReceived: boolean;
  /** Resolves when the agent has begun it, and when it is over. */
  readonly received: Promise<void>;
  readonly end: Promise<TurnEnd>;
  /** Its line is about to be written. */
  saying(saying: Saying): void;
  /** It was not written. */
  unsaid(): void;
  /** The gateway stops it. */
  stopping(): void;
  /** `usage`: what a result took; null for other lines. `hasTasks`: work in the background runs behind this line. */
  hear(line: Line, usage: Usage | null, hasTasks: boolean): void;
  /** Told what an earlier process was told of it. */
  restore(told: readonly Notice[], open: readonly EarlierAsk[]): void;
  /** The agent is gone. `isHeard`: all that it said was taken. */
  died(why: string, isHeard: boolean): void;
  finish(end: TurnEnd): void;
  /** Nothing is left that would wake the agent. */
  settle(): void;
  noticed(notice: Notice): void;
  /** What was said by now. */
  said(): string | null;
}

export interface TurnParts {
  /** Of the agent's program. */
  readonly version: string | null;
  readonly observer: Pick<TurnObserver, 'asked' | 'noticed'>;
  /** Never rejects. */
  readonly say: (line: string) => Promise<void>;
  readonly answered: (requestId: string) => boolean | null;
  /** These were allowed for the rest of the session. */
  readonly remembered: (rules: readonly AgentRule[]) => void;
  readonly log: Log;
}

export function createTurn(parts: TurnParts): Turn {
  const noticed = (notice: Notice): void => parts.observer.noticed(notice);
  const narration = narrate(noticed);
  const asking = createAsking({ ...parts, asked: (ask, settled) => parts.observer.asked(ask, settled) });
  const course = createCourse({
    isNamed: namesMessages(parts.version),
    said: () => narration.said(),
    ended() {
      narration.close();
      asking.close();
    },
  });
  return {
    get state() {
      return course.state;
    },
    get uuid() {
      return course.uuid;
    },
    get isReceived() {
      return course.isReceived;
    },
    asking,
    received: course.received,
    end: course.end,
    saying: (saying) => course.saying(saying.uuid),
    unsaid: () => course.unsaid(),
    stopping() {
      course.stopping();
      asking.stop();
    },
    hear(line, usage, hasTasks) {
      course.hear(line, usage, hasTasks);
      if (course.state === 'working' || course.state === 'resting') hear({ narration, asking, noticed }, line);
    },
    restore(told, open) {
      narration.restore(told);
      asking.restore(open);
    },
    died: (why, isHeard) => course.died(why, isHeard),
    finish: (end) => course.finish(end),
    settle: () => course.settle(),
    noticed,
    said: () => narration.said(),
  };
}

interface Hearers {
  readonly narration: Narration;
  readonly asking: Asking;
  readonly noticed: (notice: Notice) => void;
}

/** A line of a turn that runs. */
function hear({ narration, asking, noticed }: Hearers, line: Line): void {
  switch (line.kind) {
    case 'said':
      return narration.hearPiece(line.piece);
    case 'blocks':
      return narration.hearBlocks(line.message);
    case 'results':
      narration.hearResults(line.results);
      return asking.hearResults(line.results);
    case 'asks':
      return asking.hearAsk(line.requestId, line.request);
    case 'withdraws':
      return asking.hearWithdrawal(line.requestId);
    case 'answers':
      return asking.hearTaken(line.requestId);
    case 'retries':
      return noticed({ type: 'agent.retrying', data: { attempt: line.attempt, of: line.of } });
    case 'wakes':
      return noticed({ type: 'agent.woken', data: {} });
    case 'state':
    case 'begun':
    case 'message':
    case 'tasks':
    case 'task_begun':
    case 'task_over':
    case 'result':
    case 'other':
      return;
  }
}
