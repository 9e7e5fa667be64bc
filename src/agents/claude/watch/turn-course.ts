import type { TurnEnd } from '../../../core/ports/agent.ts';

/** Where a turn stands, as its agent hooks tell:
 *  `preparing`: a prompt that is reported is somebody else's.
 *  `pasted`: our text stands in the composer; a person who is faster with Enter is refused.
 *  `entered`: Enter was pressed; the next report should be ours.
 *  `working`: the agent has exactly our prompt.
 *  `ending`: it has told its end, and what other hooks make of that is not known yet.
 *  `background`: it has answered, and works on behind its answer.
 *  `stopping`: it is being interrupted; a report that comes late is refused.
 *  `ended`: nothing changes it any more. */
export type TurnState = 'preparing' | 'pasted' | 'entered' | 'working' | 'ending' | 'background' | 'stopping' | 'ended';

/** What is known of a turn at this moment. */
export interface TurnNow {
  readonly state: TurnState;
  /** The agent had our prompt. */
  readonly isReceived: boolean;
  /** As the agent reported it. */
  readonly arrived: string | null;
  /** Enter was pressed more often than ours was reported: the agent may still report it, also once more. */
  readonly isDue: boolean;
  /** A prompt was reported since our text was pasted: the composer does not hold just that. */
  readonly isDisturbed: boolean;
  /** Ours was refused, because it came into a turn that runs and has not ended since. */
  readonly isBehind: boolean;
  /** Ours was refused, because it came in another permission mode, and has to be entered again. */
  readonly isRetracted: boolean;
  /** Another prompt was reported in its place: this turn is over, or will not be heard of for a while. */
  readonly isOvertaken: boolean;
}

/** The way of one turn through its states. What does not fit where it stands changes nothing. */
export interface TurnCourse {
  /** Live. */
  readonly now: TurnNow;
  readonly received: Promise<void>;
  /** Resolves when ours, as it was entered last, has to be entered again. */
  readonly retracted: () => Promise<void>;
  readonly refused: Promise<void>;
  readonly end: Promise<TurnEnd>;
  paste(): void;
  /** A prompt was reported while our text stands in the composer. */
  disturb(): void;
  enter(): void;
  /** Enter is about to be pressed once more. */
  repeat(): void;
  /** Ours was reported, whatever the agent was told. */
  heard(): void;
  /** `text`: as it was reported; null when another proof than its report says so. */
  receive(promptId: string | null, text: string | null): void;
  /** Another prompt runs in this turn: ours once more, or what woke it again. */
  add(promptId: string | null): void;
  /** What it left behind woke the agent. */
  wake(): void;
  /** Something happened in it. */
  move(): void;
  /** It has told its end. */
  close(): void;
  /** It has answered, and is not over. */
  rest(): void;
  stop(): void;
  /** Ours was reported too late or not as it was sent, and refused. `text`: as it was reported, with something added or lost. */
  refuse(text?: string): void;
  /** Ours was refused where it may come again. */
  retract(): void;
  /** Ours came into a turn that runs, and was refused. */
  wait(): void;
  /** That turn has ended. */
  follow(): void;
  /** Somebody else's came in its place. */
  overtake(): void;
  /** The first end wins. */
  finish(end: TurnEnd): void;
  /** Whether what bears this id happens in this turn, from the moment at which the agent has the prompt. */
  holds(promptId: string | null): boolean;
  /** The agent has our prompt, and under which id it runs nobody knows. */
  readonly isNameless: boolean;
}

type Now = { -readonly [Name in keyof TurnNow]: TurnNow[Name] };

const toBegin = (): Now => ({
  state: 'preparing',
  isReceived: false,
  arrived: null,
  isDue: false,
  isDisturbed: false,
  isBehind: false,
  isRetracted: false,
  isOvertaken: false,
});

const RUNNING: ReadonlySet<TurnState> = new Set(['working', 'ending', 'background', 'stopping']);

export function beginCourse(): TurnCourse {
  const received = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  const end = Promise.withResolvers<TurnEnd>();
  const promptIds = createPromptIds();
  const now = toBegin();
  const go = (from: readonly TurnState[], to: TurnState): void => {
    if (from.includes(now.state)) now.state = to;
  };

  return {
    now,
    received: received.promise,
    refused: refused.promise,
    end: end.promise,
    ...toMarks(now),
    ...toEntering(now, go),
    paste() {
      now.isDisturbed = false;
      now.isRetracted = false;
      go(['preparing'], 'pasted');
    },
    receive(promptId, text) {
      if (now.state !== 'preparing' && now.state !== 'entered') return;
      now.state = 'working';
      promptIds.add(promptId);
      now.isReceived = true;
      now.arrived = text;
      received.resolve();
    },
    add: promptIds.add,
    wake() {
      now.isOvertaken = false;
      go(['ending', 'background'], 'working');
    },
    move: () => go(['ending'], 'working'),
    close: () => go(['working', 'background'], 'ending'),
    rest: () => go(['working', 'ending'], 'background'),
    stop() {
      if (now.state !== 'ended') now.state = 'stopping';
    },
    refuse(text) {
      now.arrived = text ?? now.arrived;
      refused.resolve();
    },
    finish(outcome) {
      if (now.state === 'ended') return;
      now.state = 'ended';
      end.resolve(outcome);
    },
    holds: (promptId) => RUNNING.has(now.state) && promptIds.has(promptId),
    get isNameless() {
      return now.isReceived && promptIds.isEmpty();
    },
  };
}

/** Ours may be entered more than once. */
function toEntering(
  now: Now,
  go: (from: readonly TurnState[], to: TurnState) => void,
): Pick<TurnCourse, 'enter' | 'repeat' | 'heard' | 'retract' | 'retracted'> {
  let unheard = 0;
  let retracted = Promise.withResolvers<void>();
  const count = (by: 1 | -1): void => {
    unheard = Math.max(0, unheard + by);
    now.isDue = unheard > 0;
  };
  return {
    enter() {
      retracted = Promise.withResolvers();
      go(['pasted'], 'entered');
      if (now.state === 'entered') count(1);
    },
    repeat: () => count(1),
    heard: () => count(-1),
    retract() {
      go(['entered'], 'preparing');
      now.isRetracted = true;
      retracted.resolve();
    },
    retracted: () => retracted.promise,
  };
}

interface PromptIds {
  readonly add: (promptId: string | null) => void;
  readonly has: (promptId: string | null) => boolean;
  readonly isEmpty: () => boolean;
}

/** Under which ids it runs. */
function createPromptIds(): PromptIds {
  const ids = new Set<string>();
  return {
    add: (promptId) => void (promptId !== null && ids.add(promptId)),
    has: (promptId) => promptId !== null && ids.has(promptId),
    isEmpty: () => ids.size === 0,
  };
}

/** What is noted of a turn without leading it anywhere. */
function toMarks(now: Now): Pick<TurnCourse, 'disturb' | 'wait' | 'follow' | 'overtake'> {
  return {
    disturb() {
      if (now.state === 'pasted') now.isDisturbed = true;
    },
    wait: () => void (now.isBehind = true),
    follow: () => void (now.isBehind = false),
    overtake: () => void (now.isOvertaken = true),
  };
}
