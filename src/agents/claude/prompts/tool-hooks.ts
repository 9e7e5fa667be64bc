import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import { toKind } from '../../program/asking/permission.ts';
import type { HookListener } from '../hooks/hook-listeners.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Place } from '../transcript/entries.ts';
import type { Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';
import { toReturned } from './settlement.ts';

export interface ToolHookParts {
  readonly list: PromptList;
  readonly files: AgentFiles;
  /** Where the transcript of this subagent, or of the agent itself, tells of the turn. */
  readonly placeOf: (subagent: string | null) => Place;
  /** `since`: when it was asked (epoch milliseconds). */
  readonly open: (ask: ApprovalAsk, place: Place, since: number, reply: Prompt['reply']) => Prompt;
}

/** Hears of a tool's begin, its end, and its wish for permission, which is held open until it is decided. */
export function hearTools({ list, files, placeOf, open }: ToolHookParts): HookListener {
  /** Uses of tools that began and have not asked yet. */
  let begun: readonly HookPayload[] = [];

  async function onRequest(payload: HookPayload, gone: AbortSignal): Promise<object> {
    const since = Date.now();
    // Before anything is waited for: the first of two equal ones asks first.
    const use = begun.find((other) => isSameUse(other, payload));
    begun = begun.filter((other) => other !== use);
    const { file } = placeOf(payload.agent_id);
    const place = { file, offset: (await files.sizeOf(file)) ?? 0 };
    const answer = Promise.withResolvers<object>();
    const ask = toAsk(payload, use?.tool_use_id ?? `unnamed-${randomUUID()}`);
    const prompt = open(ask, place, since, answer.resolve);
    const hangUp = (): void => {
      if (prompt.handed === null) prompt.reply = null;
      list.wake();
    };
    if (gone.aborted) hangUp();
    else gone.addEventListener('abort', hangUp, { once: true });
    return answer.promise;
  }

  return (payload, gone) => {
    const { hook_event_name: event, tool_use_id: id } = payload;
    if (event === 'PermissionRequest') return onRequest(payload, gone);
    if (event === 'PreToolUse') begun = [...begun, payload];
    else {
      begun = begun.filter((other) => other.tool_use_id !== id);
      const prompt = list.open.find(({ ask }) => ask.toolUseId === id);
      if (prompt !== undefined) list.settle(prompt, toReturned(prompt));
    }
    return {};
  };
}

/** Whether a tool that began is the one that now asks: its wish bears no id. */
function isSameUse(begun: HookPayload, asked: HookPayload): boolean {
  return (
    begun.tool_name === asked.tool_name &&
    begun.agent_id === asked.agent_id &&
    isDeepStrictEqual(begun.tool_input, asked.tool_input)
  );
}

function toAsk(payload: HookPayload, toolUseId: string): ApprovalAsk {
  const tool = payload.tool_name ?? 'unknown';
  return {
    kind: toKind(tool),
    toolUseId,
    subagent: payload.agent_id,
    tool,
    input: payload.tool_input,
    rules: payload.permission_suggestions,
  };
}
