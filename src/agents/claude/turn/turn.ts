import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { Reason } from '../../../core/model/request.ts';
import { isRelatedPrompt, isSamePrompt } from '../screen/composer.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { isTaskNotification } from '../transcript/transcript.ts';

/** Where a turn stands, as its agent hooks tell:
 *  `preparing`: a prompt that is reported is somebody else's.
 *  `pasted`: our text stands in the composer; a person who is faster with Enter is refused.
 *  `entered`: Enter was pressed; the next report should be ours.
 *  `working`: the agent has exactly our prompt.
 *  `background`: it has answered, and works on behind its answer.
 *  `stopping`: it is being interrupted; a report that comes late is refused.
 *  `ended`: nothing changes it any more. */
export type TurnState = 'preparing' | 'pasted' | 'entered' | 'working' | 'background' | 'stopping' | 'ended';

/** The agent hooks of one turn. Late, doubled and foreign ones change nothing. */
export interface TurnWatch {
  readonly state: TurnState;
  /** Resolves when the agent has exactly our prompt. */
  readonly received: Promise<void>;
  readonly isReceived: boolean;
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

export interface WatchOptions {
  readonly expected: string;
  /** Background tasks of earlier turns: they do not hold this one. */
  readonly earlierTasks: ReadonlySet<string>;
  /** A prompt that is not ours was let through. */
  readonly foreignPrompt: (prompt: string) => void;
}

export function watchTurn({ expected, earlierTasks, foreignPrompt }: WatchOptions): TurnWatch {
  const received = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  const end = Promise.withResolvers<TurnEnd>();
  let state: TurnState = 'preparing';
  let disturbed = false;
  let isReceived = false;
  let isOvertaken = false;
  /** One for each prompt that runs in this turn: ours, what a person added to it, what woke it again. */
  const promptIds = new Set<string>();
  let text = '';
  let answer: string | null = null;

  function finish(outcome: TurnEnd): void {
    if (state === 'ended') return;
    state = 'ended';
    end.resolve(outcome);
  }

  function onPrompt(payload: HookPayload): object {
    const prompt = payload.prompt ?? '';
    switch (state) {
      case 'entered':
        return onReport(prompt, payload.prompt_id);
      case 'stopping':
        if (!isRelatedPrompt(prompt, expected)) {
          isOvertaken = true;
          foreignPrompt(prompt);
          return {};
        }
        refused.resolve();
        return refuse('This request was cancelled.');
      case 'working':
      case 'background':
        // Before our Stop: it was joined to our turn, or our own background work woke the agent.
        if (payload.prompt_id !== null) promptIds.add(payload.prompt_id);
        if (isTaskNotification(prompt)) state = 'working';
        foreignPrompt(prompt);
        return {};
      case 'pasted':
        disturbed = true;
        if (isRelatedPrompt(prompt, expected)) return refuse('Gatehouse is about to send this.');
        foreignPrompt(prompt);
        return {};
      case 'preparing':
      case 'ended':
        foreignPrompt(prompt);
        return {};
    }
  }

  function onReport(prompt: string, promptId: string | null): object {
    if (isSamePrompt(prompt, expected)) {
      joined(promptId);
      return {};
    }
    if (!isRelatedPrompt(prompt, expected)) {
      // A person was faster; ours comes behind it.
      foreignPrompt(prompt);
      return {};
    }
    const error =
      'The agent received another text than was sent (a line stood in its composer). It was kept from the model; send the request again.';
    finish({ kind: 'failed', reason: 'submission_rejected', error, text: null });
    return refuse('This text is not what Gatehouse sent.');
  }

  function joined(promptId: string | null): void {
    if (state !== 'preparing' && state !== 'entered') return;
    state = 'working';
    if (promptId !== null) promptIds.add(promptId);
    isReceived = true;
    received.resolve();
  }

  function isOurs(payload: HookPayload): boolean {
    if (state !== 'working' && state !== 'background' && state !== 'stopping') return false;
    return promptIds.size === 0 || (payload.prompt_id !== null && promptIds.has(payload.prompt_id));
  }

  function onStop(payload: HookPayload): void {
    if (!isOurs(payload)) return;
    answer = payload.last_assistant_message ?? answer;
    const own = payload.background_tasks.filter((task) => !earlierTasks.has(task));
    // Work that goes on in the background wakes the agent again: only the last Stop is the end.
    if (own.length === 0) finish({ kind: 'completed', text: answer ?? text, usage: null });
    else if (state === 'working') state = 'background';
  }

  function tell(payload: HookPayload): object {
    switch (payload.hook_event_name) {
      case 'UserPromptSubmit':
        return onPrompt(payload);
      case 'MessageDisplay':
        if (isOurs(payload)) text += payload.delta ?? '';
        return {};
      case 'Stop':
        onStop(payload);
        return {};
      case 'StopFailure':
        if (isOurs(payload)) finish(toFailure(payload.error ?? '', payload.last_assistant_message, partialText()));
        return {};
      default:
        return {};
    }
  }

  const partialText = (): string | null => (text === '' ? answer : text);

  return {
    get state() {
      return state;
    },
    received: received.promise,
    get isOvertaken() {
      return isOvertaken;
    },
    get isReceived() {
      return isReceived;
    },
    refused: refused.promise,
    end: end.promise,
    partialText,
    pasting() {
      disturbed = false;
      if (state === 'preparing') state = 'pasted';
    },
    isDisturbed: () => disturbed,
    entering() {
      if (state === 'pasted') state = 'entered';
    },
    stopping() {
      if (state !== 'ended') state = 'stopping';
    },
    joined,
    isOurs,
    tell,
    finish,
  };
}

/** Keeps a prompt from the model; its sender sees the reason on the screen. */
function refuse(reason: string): object {
  return { decision: 'block', reason };
}

/** `error` is the kind of error that Claude Code names, in its StopFailure hook and in its transcript. */
export function toFailure(error: string, message: string | null, text: string | null): TurnEnd {
  return { kind: 'failed', reason: toReason(error), error: message ?? 'The model could not be asked.', text };
}

function toReason(error: string): Reason {
  switch (error) {
    case 'rate_limit':
    case 'billing_error':
      return 'usage_limited';
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
      return 'auth_expired';
    default:
      return 'agent_error';
  }
}
