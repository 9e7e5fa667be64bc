import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
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
  /** While stopping, another prompt was reported: this turn is over, and what runs is somebody else's. */
  readonly isOvertaken: boolean;
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
  /** It is about to be interrupted. */
  stopping(): void;
  /** The agent has the prompt, by another proof than its report. */
  joined(promptId: string | null): void;
  tell(payload: HookPayload): object;
  /** True for what happens in this turn, from the moment at which the agent has the prompt. */
  isOurs(payload: HookPayload): boolean;
  /** Ends the watch from outside: the first end wins. */
  finish(end: TurnEnd): void;
}

export interface WatchOptions extends PromptHearing {
  /** Background tasks of earlier turns: they do not hold this one. */
  readonly earlierTasks: ReadonlySet<string>;
}

export function watchTurn(options: WatchOptions): TurnWatch {
  const course = beginCourse();
  let text = '';
  let answer: string | null = null;
  const isOurs = (payload: HookPayload): boolean => course.holds(payload.prompt_id);
  const partialText = (): string | null => (text === '' ? answer : text);

  function hearStop(payload: HookPayload): void {
    answer = payload.last_assistant_message ?? answer;
    const own = payload.background_tasks.filter((task) => !options.earlierTasks.has(task));
    // Work that goes on in the background wakes the agent again: only the last Stop is the end.
    if (own.length === 0) course.finish({ kind: 'completed', text: answer ?? text, usage: null });
    else course.rest();
  }

  function hear(payload: HookPayload): void {
    switch (payload.hook_event_name) {
      case 'MessageDisplay':
        text += payload.delta ?? '';
        return;
      case 'Stop':
        return hearStop(payload);
      case 'StopFailure':
        return course.finish(toFailure(payload.error ?? '', payload.last_assistant_message, partialText()));
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
    received: course.received,
    refused: course.refused,
    end: course.end,
    partialText,
    pasting: () => course.paste(),
    isDisturbed: () => course.now.isDisturbed,
    isBehind: () => course.now.isBehind,
    entering: () => course.enter(),
    stopping: () => course.stop(),
    joined: (promptId) => course.receive(promptId, null),
    isOurs,
    tell(payload) {
      if (payload.hook_event_name === 'UserPromptSubmit') return hearPrompt(course, options, payload);
      if (isOurs(payload)) hear(payload);
      else if (isEnd(payload)) course.follow();
      return {};
    },
    finish: (end) => course.finish(end),
  };
}

function isEnd({ hook_event_name: event }: HookPayload): boolean {
  return event === 'Stop' || event === 'StopFailure';
}
