import { addUsage, type Usage } from '../../../core/model/usage/usage.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { Line, Result } from '../stream/line.ts';
import { toEnd } from './ends.ts';

/** How far a turn is:
 *  `preparing`: nothing was said to the agent.
 *  `said`: its line stands in the input; whether the agent has read it is not told yet.
 *  `working`: the agent has begun it.
 *  `resting`: it has answered, and what it left running will wake it again.
 *  `ended`: its end is known. */
export type TurnState = 'preparing' | 'said' | 'working' | 'resting' | 'ended';

/** The way of a turn to its end. */
export interface Course {
  readonly state: TurnState;
  readonly uuid: string | null;
  readonly isReceived: boolean;
  readonly received: Promise<void>;
  readonly end: Promise<TurnEnd>;
  saying(uuid: string): void;
  unsaid(): void;
  stopping(): void;
  hear(line: Line, usage: Usage | null, hasTasks: boolean): void;
  died(why: string, isHeard: boolean): void;
  finish(end: TurnEnd): void;
  settle(): void;
}

export interface CourseParts {
  /** The agent tells of a message of ours by its uuid when it begins it. */
  readonly isNamed: boolean;
  readonly said: () => string | null;
  /** Called when the end is known, before others hear of it. */
  readonly ended: () => void;
}

interface Way {
  readonly parts: CourseParts;
  readonly received: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<TurnEnd>;
  state: TurnState;
  uuid: string | null;
  isReceived: boolean;
  /** A turn that nobody asked for begins before ours. */
  isWoken: boolean;
  isStopping: boolean;
  /** The kind of error that the CLI said in the model's place. */
  error: string | null;
  usage: Usage | null;
  /** The end, if nothing wakes the agent again. */
  rest: TurnEnd | null;
}

export function createCourse(parts: CourseParts): Course {
  const way: Way = {
    parts,
    received: Promise.withResolvers(),
    ended: Promise.withResolvers(),
    state: 'preparing',
    uuid: null,
    isReceived: false,
    isWoken: false,
    isStopping: false,
    error: null,
    usage: null,
    rest: null,
  };
  return {
    get state() {
      return way.state;
    },
    get uuid() {
      return way.uuid;
    },
    get isReceived() {
      return way.isReceived;
    },
    received: way.received.promise,
    end: way.ended.promise,
    saying(uuid) {
      way.uuid = uuid;
      way.state = 'said';
    },
    unsaid() {
      if (way.state === 'said') way.state = 'preparing';
    },
    stopping: () => void (way.isStopping = true),
    hear: (line, usage, hasTasks) => hear(way, line, usage, hasTasks),
    died: (why, isHeard) => die(way, why, isHeard),
    finish: (end) => finish(way, end),
    settle() {
      if (way.state === 'resting' && way.rest !== null) finish(way, way.rest);
    },
  };
}

function hear(way: Way, line: Line, usage: Usage | null, hasTasks: boolean): void {
  if (way.state === 'preparing' || way.state === 'ended') return;
  if (way.state === 'said') hearBefore(way, line);
  if (line.kind === 'blocks') way.error = line.message.error ?? way.error;
  if (line.kind === 'result' && usage !== null) hearResult(way, line.result, usage, hasTasks);
}

/** Of a turn whose line was said. */
function hearBefore(way: Way, line: Line): void {
  if (line.kind === 'wakes') way.isWoken = true;
  else if (line.kind === 'message' && line.uuid === way.uuid && line.state === 'started') receive(way);
  // What else begins is ours: the agent was idle when it got it.
  else if (line.kind === 'begun' && !way.isWoken && !way.parts.isNamed) receive(way);
}

function receive(way: Way): void {
  if (way.state !== 'said') return;
  way.state = 'working';
  way.isReceived = true;
  way.received.resolve();
}

function hearResult(way: Way, result: Result, spent: Usage, hasTasks: boolean): void {
  if (way.state === 'said' && (way.isWoken || result.isWoken)) {
    way.isWoken = false;
    return;
  }
  receive(way);
  const usage = addUsage(way.usage, spent);
  const { error, isStopping } = way;
  way.usage = usage;
  way.rest = toEnd(result, { said: way.parts.said(), error, isStopping, usage });
  if (hasTasks && way.rest.kind === 'completed') way.state = 'resting';
  else finish(way, way.rest);
}

function die(way: Way, why: string, isHeard: boolean): void {
  const { state, usage } = way;
  const text = way.parts.said();
  if (way.isStopping) finish(way, { kind: 'interrupted', text, usage });
  else if (state === 'said' && !isHeard)
    finish(way, { kind: 'failed', reason: 'submission_unknown', error: why, text, usage });
  // The agent says that it begins a turn before it asks its model.
  else if (state === 'said' || state === 'preparing') finish(way, { kind: 'unsubmitted', why });
  else finish(way, { kind: 'failed', reason: 'agent_exited', error: why, text, usage });
}

function finish(way: Way, end: TurnEnd): void {
  if (way.state === 'ended') return;
  way.state = 'ended';
  way.parts.ended();
  way.received.resolve();
  way.ended.resolve(end);
}
