import type { AgentRule } from '../../../core/model/approval.ts';
import type { Usage } from '../../../core/model/request.ts';
import type { EarlierAsk, Notice, TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Line, Result } from '../stream/line.ts';
import { addUsage } from '../stream/usage.ts';
import type { Saying } from '../stream/words.ts';
import { createAsking, type Asking } from './asking.ts';
import { toEnd } from './ends.ts';
import { narrate } from './narration.ts';

/** How far a turn is:
 *  `preparing`: nothing was said to the agent.
 *  `said`: its line stands in the input; whether the agent has read it is not told yet.
 *  `working`: the agent has begun it.
 *  `resting`: it has answered, and what it left running will wake it again.
 *  `ended`: its end is known. */
export type TurnState = 'preparing' | 'said' | 'working' | 'resting' | 'ended';

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
  readonly observer: Pick<TurnObserver, 'asked' | 'noticed'>;
  readonly say: (line: string) => Promise<void>;
  readonly answered: (requestId: string) => boolean | null;
  /** These were allowed for the rest of the session. */
  readonly remembered: (rules: readonly AgentRule[]) => void;
  readonly log: Log;
}

export function createTurn({ observer, say, answered, remembered, log }: TurnParts): Turn {
  const narration = narrate((notice) => observer.noticed(notice));
  const asking = createAsking({ asked: observer.asked, say, answered, remembered, log });
  const received = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<TurnEnd>();
  let state: TurnState = 'preparing';
  let uuid: string | null = null;
  /** A turn that nobody asked for begins before ours. */
  let isWoken = false;
  let isStopping = false;
  let isReceived = false;
  let error: string | null = null;
  let usage: Usage | null = null;
  /** The end, if nothing wakes the agent again. */
  let rest: TurnEnd | null = null;

  function finish(end: TurnEnd): void {
    if (state === 'ended') return;
    state = 'ended';
    narration.close();
    asking.close();
    received.resolve();
    ended.resolve(end);
  }

  function receive(): void {
    if (state !== 'said') return;
    state = 'working';
    isReceived = true;
    received.resolve();
  }

  function hearResult(result: Result, spent: Usage, hasTasks: boolean): void {
    // Of one that nobody asked for, before ours.
    if (state === 'said' && (isWoken || result.isWoken)) return void (isWoken = false);
    receive();
    usage = addUsage(usage, spent);
    rest = toEnd(result, { said: narration.said(), error, isStopping, usage });
    if (hasTasks && rest.kind === 'completed') state = 'resting';
    else finish(rest);
  }

  /** Of a turn whose line was said. */
  function hearBefore(line: Line): void {
    if (line.kind === 'wakes') isWoken = true;
    else if (line.kind === 'message' && line.uuid === uuid && line.state === 'started') receive();
    // Versions that do not tell of a message by its uuid in time: the agent was idle when it got it.
    else if (line.kind === 'begun' && !isWoken) receive();
  }

  function hearOurs(line: Line): void {
    switch (line.kind) {
      case 'said':
        return narration.hearPiece(line.piece);
      case 'blocks':
        error = line.message.error ?? error;
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
        return observer.noticed({ type: 'agent.retrying', data: { attempt: line.attempt, of: line.of } });
      case 'wakes':
        if (state === 'resting') observer.noticed({ type: 'agent.woken', data: {} });
        return;
      default:
        return;
    }
  }

  return {
    get state() {
      return state;
    },
    get uuid() {
      return uuid;
    },
    asking,
    get isReceived() {
      return isReceived;
    },
    received: received.promise,
    end: ended.promise,
    saying(saying) {
      uuid = saying.uuid;
      state = 'said';
    },
    unsaid() {
      if (state === 'said') state = 'preparing';
    },
    stopping() {
      isStopping = true;
      asking.stop();
    },
    hear(line, spent, hasTasks) {
      if (state === 'said') hearBefore(line);
      if (state === 'preparing' || state === 'ended') return;
      if (line.kind === 'result' && spent !== null) return hearResult(line.result, spent, hasTasks);
      if (state !== 'said') hearOurs(line);
    },
    restore(told, open) {
      narration.restore(told);
      asking.restore(open.map(({ createdAt: _createdAt, ...ask }) => ask));
    },
    died(why, isHeard) {
      const text = narration.said();
      const wasSaid = state === 'said';
      if (isStopping) finish({ kind: 'interrupted', text, usage });
      else if (wasSaid && !isHeard) finish({ kind: 'failed', reason: 'submission_unknown', error: why, text });
      // The agent says that it begins a turn before it asks its model.
      else if (state === 'preparing' || wasSaid) finish({ kind: 'unsubmitted', why });
      else finish({ kind: 'failed', reason: 'agent_exited', error: why, text, usage });
    },
    finish,
    settle() {
      if (state === 'resting' && rest !== null) finish(rest);
    },
    noticed: (notice) => observer.noticed(notice),
    said: () => narration.said(),
  };
}
