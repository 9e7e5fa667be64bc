import type { TurnEnd } from '../../../core/ports/agent.ts';

/** Where a turn stands, as its agent hooks tell:
 *  `preparing`: a prompt that is reported is somebody else's.
 *  `pasted`: our text stands in the composer; a person who is faster with Enter is refused.
 *  `entered`: Enter was pressed; the next report should be ours.
 *  `working`: the agent has exactly our prompt.
 *  `background`: it has answered, and works on behind its answer.
 *  `stopping`: it is being interrupted; a report that comes late is refused.
 *  `ended`: nothing changes it any more. */
export type TurnState = 'preparing' | 'pasted' | 'entered' | 'working' | 'background' | 'stopping' | 'ended';

/** What is known of a turn at this moment. */
export interface TurnNow {
  readonly state: TurnState;
  /** The agent had our prompt. */
  readonly isReceived: boolean;
  /** As the agent reported it. */
  readonly arrived: string | null;
  /** A prompt was reported since our text was pasted: the composer does not hold just that. */
  readonly isDisturbed: boolean;
  /** Ours was refused, because it came into a turn that runs and has not ended since. */
  readonly isBehind: boolean;
  /** While stopping, another prompt was reported: this turn is over, and what runs is somebody else's. */
  readonly isOvertaken: boolean;
}

/** The way of one turn through its states. What does not fit where it stands changes nothing. */
export interface TurnCourse {
  /** Live. */
  readonly now: TurnNow;
  readonly received: Promise<void>;
  readonly refused: Promise<void>;
  readonly end: Promise<TurnEnd>;
  paste(): void;
  /** A prompt was reported while our text stands in the composer. */
  disturb(): void;
  enter(): void;
  /** `text`: as it was reported; null when another proof than its report says so. */
  receive(promptId: string | null, text: string | null): void;
  /** Another prompt runs in this turn: what a person added to it, what woke it again. */
  add(promptId: string | null): void;
  /** Its own work in the background woke the agent. */
  wake(): void;
  /** It has answered, and is not over. */
  rest(): void;
  stop(): void;
  /** Ours was reported too late, and refused. */
  refuse(): void;
  /** Ours came into a turn that runs, and was refused. */
  wait(): void;
  /** That turn has ended. */
  follow(): void;
  /** Ours was reported with something added or lost, and refused. */
  mangle(text: string): void;
  /** Somebody else's came too late to be a part of it. */
  overtake(): void;
  /** The first end wins. */
  finish(end: TurnEnd): void;
  /** Whether what bears this id happens in this turn, from the moment at which the agent has the prompt. */
  holds(promptId: string | null): boolean;
}

type Now = { -readonly [Name in keyof TurnNow]: TurnNow[Name] };

const toBegin = (): Now => ({
  state: 'preparing',
  isReceived: false,
  arrived: null,
  isDisturbed: false,
  isBehind: false,
  isOvertaken: false,
});

export function beginCourse(): TurnCourse {
  const received = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  const end = Promise.withResolvers<TurnEnd>();
  const promptIds = new Set<string>();
  const now = toBegin();

  function add(promptId: string | null): void {
    if (promptId !== null) promptIds.add(promptId);
  }

  return {
    now,
    received: received.promise,
    refused: refused.promise,
    end: end.promise,
    paste() {
      now.isDisturbed = false;
      if (now.state === 'preparing') now.state = 'pasted';
    },
    disturb() {
      if (now.state === 'pasted') now.isDisturbed = true;
    },
    enter() {
      if (now.state === 'pasted') now.state = 'entered';
    },
    receive(promptId, text) {
      if (now.state !== 'preparing' && now.state !== 'entered') return;
      now.state = 'working';
      add(promptId);
      now.isReceived = true;
      now.arrived = text;
      received.resolve();
    },
    add,
    wake: () => void (now.state = 'working'),
    rest() {
      if (now.state === 'working') now.state = 'background';
    },
    stop() {
      if (now.state !== 'ended') now.state = 'stopping';
    },
    refuse: () => refused.resolve(),
    wait: () => void (now.isBehind = true),
    follow: () => void (now.isBehind = false),
    mangle: (text) => void (now.arrived = text),
    overtake: () => void (now.isOvertaken = true),
    finish(outcome) {
      if (now.state === 'ended') return;
      now.state = 'ended';
      end.resolve(outcome);
    },
    holds(promptId) {
      const isRunning = now.state === 'working' || now.state === 'background' || now.state === 'stopping';
      return isRunning && (promptIds.size === 0 || (promptId !== null && promptIds.has(promptId)));
    },
  };
}
