import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { CHANGE_MAX_MS, DialogGoneError, LOOK_EVERY_MS, type DialogParts } from './dialog-keys.ts';
import { shownIn } from './shown-answer.ts';
import type { Screen } from '../screen/screen.ts';

/** What an MCP server asks for, as its agent hook tells. */
export function toFormAsk(payload: HookPayload): ApprovalAsk {
  const { mcp_server_name: server, message, mode, url, requested_schema: schema } = payload;
  return {
    kind: 'form',
    toolUseId: `form-${payload.elicitation_id ?? randomUUID()}`,
    subagent: payload.agent_id,
    tool: server ?? 'unknown',
    input: { server, message, mode: mode ?? 'form', schema, ...(url !== null && { url }) },
    rules: [],
  };
}

/** Whether the form of this server stands there. */
export function isFormOf({ tool }: ApprovalAsk, screen: Screen): boolean {
  const shown = screen.kind === 'other' ? screen.shown : null;
  return shown?.isForm === true && shown.title.includes(tool);
}

/** Takes a form off the screen. What its server is told instead of this, the agent hook of its result says.
 *  @throws DialogGoneError */
export async function closeForm({ terminal, signal }: DialogParts, ask: ApprovalAsk): Promise<void> {
  let before: string | null = null;
  for (const last = performance.now() + CHANGE_MAX_MS; performance.now() < last;) {
    const view = await terminal.look();
    const text = view !== null && isFormOf(ask, view.screen) ? (shownIn(view)?.text ?? null) : null;
    if (text !== null && text === before) return terminal.press('Escape');
    before = text;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new DialogGoneError('The form is not on the screen.');
}

/** What the agent hook of a form's result answers: the decision, in the place of what was pressed. */
export function toFormResult({ allow, answers }: Decision): object {
  const given = allow ? { action: 'accept', content: answers ?? {} } : { action: 'decline' };
  return { hookSpecificOutput: { hookEventName: 'ElicitationResult', ...given } };
}
