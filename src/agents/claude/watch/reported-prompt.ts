import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { isRelatedPrompt, isSamePrompt } from '../screen/composer.ts';
import { isTaskNotification } from '../transcript/transcript.ts';
import type { TurnCourse, TurnState } from './turn-course.ts';

/** What a prompt that the agent reports is to a turn:
 *  `ours`: exactly what was sent.
 *  `queued`: the same, behind a turn that runs: it would be put into that one, or run without a report of its own.
 *  `mangled`: ours with something added or lost.
 *  `early`: ours, sent by a person before we pressed Enter.
 *  `late`: ours, while it is being stopped.
 *  `overtaking`: somebody else's, while it is being stopped.
 *  `joined`: before our Stop; it was joined to our turn, or our own background work woke the agent.
 *  `foreign`: somebody else's. A person was faster; ours comes behind it. */
type ReportedPrompt = 'ours' | 'queued' | 'mangled' | 'early' | 'late' | 'overtaking' | 'joined' | 'foreign';

export interface PromptHearing {
  readonly expected: string;
  /** The prompt that is reported stands behind a turn that runs. */
  readonly isQueued: () => boolean;
  /** A prompt that is not ours was let through. */
  readonly foreignPrompt: (prompt: string) => void;
}

/** Returns what the agent is told. */
export function hearPrompt(
  course: TurnCourse,
  { expected, isQueued, foreignPrompt }: PromptHearing,
  { prompt: reported, prompt_id: promptId }: HookPayload,
): object {
  const prompt = reported ?? '';
  const kind = judge(course.now.state, prompt, expected, isQueued());
  course.disturb();
  switch (kind) {
    case 'ours':
      course.receive(promptId, prompt);
      return {};
    case 'queued':
      course.wait();
      return refuse('Gatehouse enters this again when the turn that runs is over.');
    case 'mangled':
      course.mangle(prompt);
      course.finish({ kind: 'failed', reason: 'submission_rejected', error: MANGLED, text: null });
      return refuse('This text is not what Gatehouse sent.');
    case 'early':
      return refuse('Gatehouse is about to send this.');
    case 'late':
      if (isQueued()) course.wait();
      course.refuse();
      return refuse('This request was cancelled.');
    case 'overtaking':
      course.overtake();
      break;
    case 'joined':
      course.add(promptId);
      if (isTaskNotification(prompt)) course.wake();
      break;
    case 'foreign':
      break;
  }
  foreignPrompt(prompt);
  return {};
}

function judge(state: TurnState, prompt: string, expected: string, isQueued: boolean): ReportedPrompt {
  switch (state) {
    case 'preparing':
    case 'ended':
      return 'foreign';
    case 'pasted':
      return isRelatedPrompt(prompt, expected) ? 'early' : 'foreign';
    case 'entered':
      if (isSamePrompt(prompt, expected)) return isQueued ? 'queued' : 'ours';
      return isRelatedPrompt(prompt, expected) ? 'mangled' : 'foreign';
    case 'working':
    case 'background':
      return 'joined';
    case 'stopping':
      return isRelatedPrompt(prompt, expected) ? 'late' : 'overtaking';
  }
}

const MANGLED =
  'The agent received another text than was sent (a line stood in its composer). It was kept from the model; send the request again.';

/** Keeps a prompt from the model; its sender sees the reason on the screen. Newer versions put it back into the composer. */
function refuse(reason: string): object {
  return { decision: 'block', reason };
}

/** Whether the agent was told to keep a prompt from its model. */
export function isRefusal(answer: object): boolean {
  return 'decision' in answer;
}

export function toForeignNotice(prompt: string): Notice {
  return isTaskNotification(prompt)
    ? { type: 'agent.woken', data: {} }
    : { type: 'person.prompted', data: { characters: prompt.length } };
}
