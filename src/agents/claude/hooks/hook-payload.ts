import type { AgentRule } from '../../../core/model/approval.ts';

/** What Claude Code's own hooks tell, reduced to what the driver acts on. Unknown fields pass by. */
export interface HookPayload {
  readonly hook_event_name: string;
  readonly session_id: string;
  readonly transcript_path: string | null;
  readonly prompt_id: string | null;
  /** Most events: the permission mode at that moment. */
  readonly permission_mode: string | null;
  /** UserPromptSubmit: the exact text received. */
  readonly prompt: string | null;
  /** Stop: the answer. */
  readonly last_assistant_message: string | null;
  /** Stop: the ids of work that goes on behind the end; not empty means not really done. */
  readonly background_tasks: readonly string[];
  /** Stop: what the agent will be asked at some time, as it said itself. */
  readonly session_crons: readonly SessionCron[];
  readonly tool_name: string | null;
  /** PreToolUse, PostToolUse: names this use of the tool. */
  readonly tool_use_id: string | null;
  readonly tool_input: Readonly<Record<string, unknown>>;
  /** PostToolUse: what the tool returned. */
  readonly tool_response: Readonly<Record<string, unknown>>;
  /** Of the subagent in which it happens. */
  readonly agent_id: string | null;
  /** PermissionRequest: rules that would allow it from now on. */
  readonly permission_suggestions: readonly AgentRule[];
  /** StopFailure: the kind of error, as Claude Code names it. */
  readonly error: string | null;
  /** SessionEnd: why; `clear` means that another conversation begins in the same program. */
  readonly reason: string | null;
  /** PostToolUse, PostToolUseFailure: how long the tool ran. */
  readonly duration_ms: number | null;
  /** MessageDisplay: a piece of what is said, as it streams. */
  readonly delta: string | null;
  readonly message_id: string | null;
  /** MessageDisplay: the place of the piece in its message, from 0. */
  readonly index: number | null;
  /** MessageDisplay: it is the last piece of its message. */
  readonly final: boolean;
  /** Elicitation: the form of an MCP server. ElicitationResult: the server whose form is answered. */
  readonly mcp_server_name: string | null;
  readonly elicitation_id: string | null;
  /** Elicitation: `form`, or `url` when the person is sent to an address. */
  readonly mode: string | null;
  readonly message: string | null;
  readonly url: string | null;
  readonly requested_schema: Readonly<Record<string, unknown>>;
  /** ElicitationResult: `accept`, `decline` or `cancel`. */
  readonly action: string | null;
}

export interface SessionCron {
  readonly id: string;
  readonly prompt: string;
}

/** @throws TypeError when it is no hook payload. */
export function parseHookPayload(value: unknown): HookPayload {
  if (typeof value !== 'object' || value === null) throw new TypeError('a hook payload is an object');
  const fields = value as Readonly<Record<string, unknown>>;
  const text = (name: string): string | null => (typeof fields[name] === 'string' ? fields[name] : null);
  const event = text('hook_event_name');
  const session = text('session_id');
  if (event === null || session === null) throw new TypeError('a hook payload names its event and session');
  return {
    hook_event_name: event,
    session_id: session,
    transcript_path: text('transcript_path'),
    prompt_id: text('prompt_id'),
    permission_mode: text('permission_mode'),
    prompt: text('prompt'),
    last_assistant_message: text('last_assistant_message'),
    background_tasks: toTaskIds(fields['background_tasks']),
    session_crons: toObjects(fields['session_crons']).map(toCron),
    tool_name: text('tool_name'),
    tool_use_id: text('tool_use_id'),
    tool_input: toObject(fields['tool_input']),
    tool_response: toObject(fields['tool_response']),
    agent_id: text('agent_id'),
    permission_suggestions: toObjects(fields['permission_suggestions']),
    error: text('error'),
    reason: text('reason'),
    duration_ms: toWhole(fields['duration_ms']),
    delta: text('delta'),
    message_id: text('message_id'),
    index: toWhole(fields['index']),
    final: fields['final'] === true,
    mcp_server_name: text('mcp_server_name'),
    elicitation_id: text('elicitation_id'),
    mode: text('mode'),
    message: text('message'),
    url: text('url'),
    requested_schema: toObject(fields['requested_schema']),
    action: text('action'),
  };
}

function toWhole(value: unknown): number | null {
  return Number.isInteger(value) ? Number(value) : null;
}

function toTaskIds(tasks: unknown): readonly string[] {
  if (!Array.isArray(tasks)) return [];
  return tasks.map((task: unknown) => {
    const id = typeof task === 'object' && task !== null ? (task as { readonly id?: unknown }).id : null;
    return typeof id === 'string' ? id : JSON.stringify(task);
  });
}

function toCron({ id, prompt }: Readonly<Record<string, unknown>>): SessionCron {
  return { id: String(id), prompt: String(prompt) };
}

function toObjects(values: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(values) ? values.map(toObject) : [];
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
