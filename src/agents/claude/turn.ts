import type { TurnEnd } from '../../core/ports/agent.ts';
import type { HookPayload } from './hook-payload.ts';
import { isSamePrompt } from './composer.ts';

/** The agent hooks of one turn, followed from Enter to the end. Late, doubled and foreign ones change nothing. */
export interface TurnWatch {
  /** Resolves when the agent reported exactly our prompt; rejects never. */
  readonly received: Promise<void>;
  readonly end: Promise<TurnEnd>;
  /** What was said so far; null when nothing was. */
  partialText(): string | null;
  tell(payload: HookPayload): object;
  /** Ends the watch from outside: the first end wins. */
  finish(end: TurnEnd): void;
}

/** What Claude Code is told of a tool that wants permission. */
const PERMISSION_DENIED = 'Gatehouse runs unattended and denied this. Go on without it, or say what you would need.';

export interface WatchOptions {
  readonly expected: string;
  /** True for a turn that an earlier process of the gateway submitted. */
  readonly submitted: boolean;
  readonly permissionDenied: (tool: string) => void;
}

export function watchTurn({ expected, submitted, permissionDenied }: WatchOptions): TurnWatch {
  const received = Promise.withResolvers<void>();
  const end = Promise.withResolvers<TurnEnd>();
  let state: 'awaited' | 'working' | 'ended' = submitted ? 'working' : 'awaited';
  /** One for each prompt; unknown for a turn that was joined midway. */
  let promptId: string | null = null;
  let text = '';
  if (submitted) received.resolve();

  function finish(outcome: TurnEnd): void {
    state = 'ended';
    end.resolve(outcome);
  }

  function onPrompt(payload: HookPayload): object {
    if (state !== 'awaited') return {};
    if (isSamePrompt(payload.prompt ?? '', expected)) {
      state = 'working';
      promptId = payload.prompt_id;
      received.resolve();
      return {};
    }
    const error =
      'The agent received another text than was sent (a line stood in its composer). It was kept from the model; send the request again.';
    finish({ kind: 'failed', reason: 'submission_rejected', error, text: null });
    return { decision: 'block', reason: 'This text is not what Gatehouse sent.' };
  }

  function isOurs(payload: HookPayload): boolean {
    return state === 'working' && (promptId === null || payload.prompt_id === null || payload.prompt_id === promptId);
  }

  function tell(payload: HookPayload): object {
    switch (payload.hook_event_name) {
      case 'UserPromptSubmit':
        return onPrompt(payload);
      case 'MessageDisplay':
        if (isOurs(payload)) text += payload.delta ?? '';
        return {};
      case 'PermissionRequest':
        if (state === 'working') permissionDenied(payload.tool_name ?? 'unknown');
        return denyPermission();
      case 'Stop':
        // Work that goes on in the background wakes the agent again: only the last Stop is the end.
        if (isOurs(payload) && payload.background_tasks.length === 0) {
          finish({ kind: 'completed', text: payload.last_assistant_message ?? text, usage: null });
        }
        return {};
      case 'StopFailure':
        if (isOurs(payload)) finish(toFailure(payload, text === '' ? null : text));
        return {};
      default:
        return {};
    }
  }

  return {
    received: received.promise,
    end: end.promise,
    partialText: () => (text === '' ? null : text),
    tell,
    finish(outcome) {
      if (state !== 'ended') finish(outcome);
    },
  };
}

export function denyPermission(): object {
  return {
    hookSpecificOutput: {
      hookEventName: 'PermissionRequest',
      decision: { behavior: 'deny', message: PERMISSION_DENIED },
    },
  };
}

function toFailure(payload: HookPayload, text: string | null): TurnEnd {
  const said = payload.last_assistant_message ?? payload.error ?? 'The model could not be asked.';
  switch (payload.error ?? '') {
    case 'rate_limit':
    case 'billing_error':
      return { kind: 'failed', reason: 'usage_limited', error: said, text };
    case 'authentication_failed':
      return { kind: 'failed', reason: 'auth_expired', error: said, text };
    default:
      return { kind: 'failed', reason: 'agent_error', error: said, text };
  }
}
