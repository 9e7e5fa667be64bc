import type { HookPayload } from '../hooks/hook-payload.ts';
import { isRelatedPrompt, isSamePrompt } from '../screen/arrived-prompt.ts';
import { isTaskNotification } from '../transcript/background.ts';
import { OUR_REFUSALS } from '../transcript/hook-notes.ts';
import type { TurnCourse } from './turn-course.ts';

/** What a prompt that the agent reports is to a turn:
 *  `ours`: exactly what was sent.
 *  `astray`: the same, in another permission mode than it is to run in.
 *  `queued`: the same, behind a turn that runs: it would be put into that one, or run without a report of its own.
 *  `mangled`: ours with something added or lost.
 *  `altered`: ours in a form that nobody foresaw, for nobody else can have sent it.
 *  `early`: ours, sent by a person before we pressed Enter.
 *  `late`: ours, while it is being stopped, or over.
 *  `again`: ours, once more; or one that was queued beside it, so that both are answered together.
 *  `repeated`: ours, once more, for we pressed Enter once more.
 *  `woken`: what the turn left behind wakes the agent.
 *  `beside`: somebody else's, queued behind our turn or added to it.
 *  `overtaking`: somebody else's, in the place of ours.
 *  `foreign`: somebody else's. A person was faster; ours comes behind it. */
type ReportedPrompt =
  | 'ours'
  | 'astray'
  | 'queued'
  | 'mangled'
  | 'altered'
  | 'early'
  | 'late'
  | 'again'
  | 'repeated'
  | 'woken'
  | 'beside'
  | 'overtaking'
  | 'foreign';

/** What comes of a press of Enter. */
const OURS: ReadonlySet<ReportedPrompt> = new Set<ReportedPrompt>([
  'ours',
  'queued',
  'astray',
  'mangled',
  'altered',
  'early',
  'late',
  'repeated',
]);

export interface PromptHearing {
  readonly expected: string;
  /** The prompt that is reported stands behind a turn that runs. */
  readonly isQueued: () => boolean;
  /** This prompt, that is reported in the place of ours, can be no person's. */
  readonly isNobodys: (prompt: string) => boolean;
  /** Whether ours may run in this permission mode. */
  readonly admits: (mode: string | null) => boolean;
  /** A prompt that is not ours was let through. */
  readonly foreignPrompt: (payload: HookPayload) => void;
  /** Whether this is the id of a prompt that is not ours: what is queued behind it is reported under it. */
  readonly isForeign: (promptId: string) => boolean;
}

export interface HearingState {
  readonly course: TurnCourse;
  /** Told by what the turn left behind. */
  readonly wakes: (prompt: string) => boolean;
  /** Nothing has happened in the turn yet. */
  readonly isUntouched: () => boolean;
}

/** Returns what the agent is told. */
export function hearPrompt(state: HearingState, hearing: PromptHearing, payload: HookPayload): object {
  const { course } = state;
  const { prompt_id: promptId } = payload;
  const prompt = payload.prompt ?? '';
  const kind = judge(state, hearing, prompt, payload);
  course.disturb();
  if (OURS.has(kind)) course.heard();
  switch (kind) {
    case 'ours':
      course.receive(promptId !== null && hearing.isForeign(promptId) ? null : promptId, prompt);
      return {};
    case 'queued':
      course.wait();
      return refuse(OUR_REFUSALS.queued);
    case 'astray':
      course.retract();
      return refuse(OUR_REFUSALS.astray);
    case 'mangled':
      course.refuse(prompt);
      course.finish({ kind: 'failed', reason: 'submission_rejected', error: MANGLED, text: null });
      return refuse(OUR_REFUSALS.mangled);
    case 'altered':
      course.refuse(prompt);
      course.finish({ kind: 'failed', reason: 'prompt_altered', error: ALTERED, text: null });
      return refuse(OUR_REFUSALS.mangled);
    case 'early':
      return refuse(OUR_REFUSALS.early);
    case 'late':
      if (hearing.isQueued()) course.wait();
      course.refuse();
      return refuse(OUR_REFUSALS.late);
    case 'repeated':
      return refuse(OUR_REFUSALS.repeated);
    case 'woken':
      course.add(promptId);
      course.wake();
      break;
    case 'again':
      course.add(promptId);
      break;
    case 'overtaking':
      course.overtake();
      break;
    case 'beside':
    case 'foreign':
      break;
  }
  hearing.foreignPrompt(payload);
  return {};
}

function judge(
  { course, wakes, isUntouched }: HearingState,
  { expected, isQueued, isNobodys, admits }: PromptHearing,
  prompt: string,
  { prompt_id: promptId, permission_mode: mode }: HookPayload,
): ReportedPrompt {
  switch (course.now.state) {
    case 'preparing':
      return course.now.isRetracted && isRelatedPrompt(prompt, expected) ? 'early' : 'foreign';
    case 'ended':
      return course.now.isDue && isRelatedPrompt(prompt, expected) ? 'late' : 'foreign';
    case 'pasted':
      return isRelatedPrompt(prompt, expected) ? 'early' : 'foreign';
    case 'entered':
      if (isSamePrompt(prompt, expected)) return isQueued() ? 'queued' : admits(mode) ? 'ours' : 'astray';
      if (isRelatedPrompt(prompt, expected)) return 'mangled';
      return !isTaskNotification(prompt) && isNobodys(prompt) ? 'altered' : 'foreign';
    case 'working':
    case 'ending':
    case 'background':
      if (wakes(prompt)) return 'woken';
      if (course.now.isDue && isRelatedPrompt(prompt, expected)) return 'repeated';
      if (course.holds(promptId)) return 'beside';
      if (course.now.state === 'working' && (isSamePrompt(prompt, expected) || isUntouched())) return 'again';
      return course.now.state === 'background' || isTaskNotification(prompt) ? 'beside' : 'overtaking';
    case 'stopping':
      return isRelatedPrompt(prompt, expected) ? 'late' : 'overtaking';
  }
}

const MANGLED =
  'The agent received another text than was sent (a line stood in its composer). It was kept from the model; send the request again.';

const ALTERED =
  'The agent makes another text of this prompt, in a way that Gatehouse does not know: nobody was at its terminal. It was kept from the model. Sent again it would be changed again: write it otherwise, or put it into a file of the workspace and name that.';

/** Keeps a prompt from the model; its sender sees the reason on the screen. Newer versions put it back into the composer. */
export function refuse(reason: string): object {
  return { decision: 'block', reason };
}

/** Whether the agent was told to keep a prompt from its model. */
export function isRefusal(answer: object): boolean {
  return 'decision' in answer;
}
