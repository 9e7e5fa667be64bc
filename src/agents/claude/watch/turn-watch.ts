import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { createLeftovers } from './leftovers.ts';
import { hearPrompt, type PromptHearing } from './reported-prompt.ts';
import { beginCourse, type TurnState } from './turn-course.ts';
import { toFailure } from './turn-ends.ts';

/** The agent hooks of one turn. Late, doubled and foreign ones change nothing. */
export interface TurnWatch {
  readonly state: TurnState;
  /** Resolves when the agent has our prompt. */
  readonly received: Promise<void>;
  readonly isReceived: boolean;
  /** Our prompt as the agent reported it; null when something else proved that it has it. */
  readonly arrived: string | null;
  /** Another prompt was reported in its place: this turn is over, or will not be heard of for a while. */
  readonly isOvertaken: boolean;
  /** Enter was pressed, and what came of it was not reported yet. */
  readonly isDue: boolean;
  /** Enter was pressed more than once, and only one report came of it. */
  readonly isRepeated: boolean;
  /** The agent has our prompt, and under which id it runs nobody knows. */
  readonly isNameless: boolean;
  /** It left nothing behind that would wake the agent again. */
  readonly isAlone: boolean;
  /** Resolves when a prompt of ours that was reported while stopping has been refused. */
  readonly refused: Promise<void>;
  readonly end: Promise<TurnEnd>;
  /** What was said so far; null when nothing was. */
  partialText(): string | null;
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
  /** The end that it told stands: the CLI is through with it. */
  stands(): void;
  /** Its transcript says that it has answered, and what will wake it again. */
  rests(tasks: readonly string[], wakeUps: readonly string[]): void;
  tell(payload: HookPayload): object;
  /** True for what happens in this turn, from the moment at which the agent has the prompt. */
  isOurs(payload: HookPayload): boolean;
  /** Ends the watch from outside: the first end wins. */
  finish(end: TurnEnd): void;
}

export interface WatchOptions extends PromptHearing {
  /** Background tasks of earlier turns, which do not hold this one; null when nobody knows them. */
  readonly earlierTasks: ReadonlySet<string> | null;
  /** It has told an end with nothing left behind. Other hooks may hold it back: it is over when it `stands`. */
  readonly toldEnd: () => void;
}

/** What is queued together is reported within this time. */
const TOGETHER_MS = 1_000;

export function watchTurn(options: WatchOptions): TurnWatch {
  const course = beginCourse();
  const leftovers = createLeftovers(options.earlierTasks);
  const speech = createSpeech();
  let answer: string | null = null;
  let touchedAt: number | null = null;
  let receivedAt = Infinity;
  void course.received.then(() => (receivedAt = performance.now()));
  const isOurs = (payload: HookPayload): boolean => course.holds(payload.prompt_id);
  const partialText = (): string | null => (speech.text() === '' ? answer : speech.text());
  const isUntouched = (): boolean => touchedAt === null && performance.now() - receivedAt < TOGETHER_MS;

  function stands(): void {
    course.finish({ kind: 'completed', text: answer ?? speech.text(), usage: null });
  }

  function hearStop(payload: HookPayload): void {
    answer = payload.last_assistant_message ?? answer;
    // Only the last Stop is the end.
    if (leftovers.hearStop(payload)) return course.rest();
    if (course.now.state === 'stopping') return stands();
    course.close();
    options.toldEnd();
  }

  function hearReport(payload: HookPayload): object {
    const wakes = (prompt: string): boolean => leftovers.wakes(prompt);
    const reply = hearPrompt({ course, wakes, isUntouched }, options, payload);
    // The next one begins, so the CLI is through with this one.
    if (course.now.state === 'ending' && course.now.isOvertaken) stands();
    return reply;
  }

  function hear(payload: HookPayload): void {
    touchedAt = performance.now();
    switch (payload.hook_event_name) {
      case 'Stop':
        return hearStop(payload);
      case 'StopFailure':
        return course.finish(toFailure(payload.error ?? '', payload.last_assistant_message, partialText()));
      case 'MessageDisplay':
        speech.hear(payload);
        return course.move();
      case 'PreToolUse':
      case 'PostToolUse':
      case 'PostToolUseFailure':
        leftovers.hearTool(payload);
        return course.move();
    }
  }

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
    get isRepeated() {
      return course.now.isRepeated;
    },
    get isNameless() {
      return course.isNameless;
    },
    get isAlone() {
      return leftovers.isEmpty;
    },
    received: course.received,
    refused: course.refused,
    end: course.end,
    partialText,
    pasting: () => course.paste(),
    isDisturbed: () => course.now.isDisturbed,
    isBehind: () => course.now.isBehind,
    entering: () => course.enter(),
    repeating: () => course.repeat(true),
    stopping: () => course.stop(),
    joined(promptId) {
      course.receive(promptId, null);
      if (course.isNameless) course.add(promptId);
    },
    stands,
    rests(tasks, wakeUps) {
      leftovers.restore(tasks, wakeUps);
      course.rest();
    },
    isOurs,
    tell(payload) {
      if (payload.hook_event_name === 'UserPromptSubmit') return hearReport(payload);
      if (isOurs(payload)) hear(payload);
      else if (isEnd(payload)) {
        course.follow();
        if (payload.hook_event_name === 'Stop') leftovers.hearOtherStop(payload);
      }
      return {};
    },
    finish: (end) => course.finish(end),
  };
}

function isEnd({ hook_event_name: event }: HookPayload): boolean {
  return event === 'Stop' || event === 'StopFailure';
}

/** What was said, one text for each message. */
function createSpeech(): { hear(payload: HookPayload): void; text(): string } {
  const messages: { readonly id: string | null; text: string }[] = [];
  return {
    hear({ message_id: id, delta }) {
      const last = messages.at(-1);
      if (last !== undefined && last.id === id) last.text += delta ?? '';
      else messages.push({ id, text: delta ?? '' });
    },
    text: () =>
      messages
        .map(({ text }) => text)
        .filter((text) => text !== '')
        .join('\n\n'),
  };
}
