import type { TurnEnd } from '../../../core/ports/agent.ts';
import { createLeftovers } from './leftovers.ts';
import { beginCourse, type TurnState } from './turn-course.ts';
import { createHearing, type HearingParts, type TurnHearing } from './turn-hearing.ts';

/** The agent hooks of one turn. Late, doubled and foreign ones change nothing. */
export interface TurnWatch extends TurnHearing {
  readonly state: TurnState;
  /** Resolves when the agent has our prompt. */
  readonly received: Promise<void>;
  readonly isReceived: boolean;
  /** Our prompt as the agent reported it; null when something else proved that it has it. */
  readonly arrived: string | null;
  /** Another prompt was reported in its place: this turn is over, or will not be heard of for a while. */
  readonly isOvertaken: boolean;
  /** Enter was pressed more often than ours was reported. */
  readonly isDue: boolean;
  /** The agent has our prompt, and under which id it runs nobody knows. */
  readonly isNameless: boolean;
  /** It left nothing behind that would wake the agent again. */
  readonly isAlone: boolean;
  /** What it left behind its transcript told last, which tells of the end of that, too. */
  readonly restsByTranscript: boolean;
  /** It was reported in another permission mode and refused: it has to be entered again. */
  readonly isRetracted: boolean;
  /** Resolves when that happens to it as it was entered last. */
  readonly retracted: () => Promise<void>;
  /** Resolves when a prompt of ours that was reported while stopping has been refused. */
  readonly refused: Promise<void>;
  readonly end: Promise<TurnEnd>;
  /** Our text is about to be pasted into an empty composer. */
  pasting(): void;
  /** True when a prompt was reported since `pasting`: the composer does not hold just our text. */
  isDisturbed(): boolean;
  /** Ours was refused, because it came into a turn that runs and has not ended since. */
  isBehind(): boolean;
  /** Enter is about to be pressed. */
  entering(): void;
  /** Enter is about to be pressed once more. */
  repeating(): void;
  /** It is about to be interrupted. */
  stopping(): void;
  /** The agent has the prompt, by another proof than its report. */
  joined(promptId: string | null): void;
  /** Its transcript says that it has answered, and what will wake it again. */
  rests(tasks: readonly string[], wakeUps: readonly string[]): void;
  /** Ends the watch from outside: the first end wins. */
  finish(end: TurnEnd): void;
}

export interface WatchOptions extends Omit<HearingParts, 'course' | 'leftovers'> {
  /** Background tasks of earlier turns, which do not hold this one; null when nobody knows them. */
  readonly earlierTasks: ReadonlySet<string> | null;
}

export function watchTurn(options: WatchOptions): TurnWatch {
  const course = beginCourse();
  const leftovers = createLeftovers(options.earlierTasks);
  const hearing = createHearing({ ...options, course, leftovers });
  return {
    get state() {
      return course.now.state;
    },
    get isReceived() {
      return course.now.isReceived;
    },
    get arrived() {
      return course.now.arrived;
    },
    get isOvertaken() {
      return course.now.isOvertaken;
    },
    get isDue() {
      return course.now.isDue;
    },
    get isNameless() {
      return course.isNameless;
    },
    get isRetracted() {
      return course.now.isRetracted;
    },
    get isAlone() {
      return leftovers.isEmpty;
    },
    get restsByTranscript() {
      return leftovers.isOfTranscript;
    },
    received: course.received,
    retracted: course.retracted,
    refused: course.refused,
    end: course.end,
    ...hearing,
    pasting: () => course.paste(),
    isDisturbed: () => course.now.isDisturbed,
    isBehind: () => course.now.isBehind,
    entering: () => course.enter(),
    repeating: () => course.repeat(),
    stopping: () => course.stop(),
    joined(promptId) {
      course.heard();
      course.receive(promptId, null);
      if (course.isNameless) course.add(promptId);
    },
    rests(tasks, wakeUps) {
      leftovers.restore(tasks, wakeUps);
      course.rest();
    },
    finish: (end) => course.finish(end),
  };
}
