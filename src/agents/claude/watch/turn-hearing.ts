import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Leftovers } from './leftovers.ts';
import { hearPrompt, type PromptHearing } from './reported-prompt.ts';
import { createSpeech } from './speech.ts';
import type { TurnCourse } from './turn-course.ts';
import { toFailure } from '../../program/ending/failure.ts';

export interface HearingParts extends PromptHearing {
  readonly course: TurnCourse;
  readonly leftovers: Leftovers;
  /** It has told an end with nothing left behind, perhaps while it is being stopped. Other hooks may hold it back: it is
   *  over when it `stands`. */
  readonly toldEnd: () => void;
}

/** What the agent hooks of a turn say. */
export interface TurnHearing {
  /** Returns what the agent is told. */
  tell(payload: HookPayload): object;
  /** True for what happens in this turn, from the moment at which the agent has the prompt. */
  isOurs(payload: HookPayload): boolean;
  /** What was said so far; null when nothing was. */
  partialText(): string | null;
  /** The end that it told stands: the CLI is through with it. */
  stands(): void;
}

/** What is queued together is reported within this time. */
const TOGETHER_MS = 1_000;

export function createHearing(parts: HearingParts): TurnHearing {
  const { course, leftovers } = parts;
  const speech = createSpeech();
  let answer: string | null = null;
  const rest = followRest(course);
  const isOurs = (payload: HookPayload): boolean => course.holds(payload.prompt_id);
  const partialText = (): string | null => (speech.text() === '' ? answer : speech.text());

  function stands(): void {
    course.finish({ kind: 'completed', text: answer ?? speech.text(), usage: null });
  }

  function hearStop(payload: HookPayload): void {
    answer = payload.last_assistant_message ?? answer;
    // Only the last Stop is the end.
    if (leftovers.hearStop(payload)) return course.rest();
    course.close();
    parts.toldEnd();
  }

  function hearReport(payload: HookPayload): object {
    const wakes = (prompt: string): boolean => leftovers.wakes(prompt);
    const reply = hearPrompt({ course, wakes, isUntouched: rest.isUntouched }, parts, payload);
    // The next one begins, so the CLI is through with this one.
    if (course.now.state === 'ending' && course.now.isOvertaken) stands();
    return reply;
  }

  function hear(payload: HookPayload): void {
    rest.touch();
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
    tell(payload) {
      if (payload.hook_event_name === 'UserPromptSubmit') return hearReport(payload);
      if (isOurs(payload)) hear(payload);
      else hearOther(parts, payload);
      return {};
    },
    isOurs,
    partialText,
    stands,
  };
}

/** Whether something has happened in a turn that has just begun. */
function followRest({ received }: TurnCourse): { touch(): void; isUntouched(): boolean } {
  let isTouched = false;
  let receivedAt = Infinity;
  void received.then(() => (receivedAt = performance.now()));
  return {
    touch: () => void (isTouched = true),
    isUntouched: () => !isTouched && performance.now() - receivedAt < TOGETHER_MS,
  };
}

function hearOther({ course, leftovers }: HearingParts, payload: HookPayload): void {
  if (isEnd(payload)) course.follow();
  if (payload.hook_event_name === 'Stop') leftovers.hearOtherStop(payload);
}

function isEnd({ hook_event_name: event }: HookPayload): boolean {
  return event === 'Stop' || event === 'StopFailure';
}
