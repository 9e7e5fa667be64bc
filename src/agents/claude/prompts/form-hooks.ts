import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import { toFormAsk, toFormResult } from '../dialogs/forms.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';

export interface FormHookParts {
  readonly list: PromptList;
  readonly open: (ask: ApprovalAsk) => void;
}

/** Hears that an MCP server asks for input, and of the result, which the agent hook may still change. Its dialog is drawn
 *  when the first is answered, so a person can always fill it in. */
export function hearForms({ list, open }: FormHookParts): (payload: HookPayload) => object {
  return (payload) => {
    if (payload.hook_event_name === 'Elicitation') {
      open(toFormAsk(payload));
      return {};
    }
    const prompt = findForm(list.open, payload);
    if (prompt === undefined) return {};
    const { decision, handed } = prompt;
    // It was closed for the sake of the decision. Otherwise a person was first.
    const isOurs = handed !== null && decision !== null && payload.action === 'cancel';
    const allowed = isOurs ? decision.allow : payload.action === 'accept';
    list.settle(prompt, { allowed, by: isOurs ? 'decision' : 'dialog' });
    return isOurs ? toFormResult(decision) : {};
  };
}

/** Of several of one server that which was handed over, else the oldest: they stand one after the other. */
function findForm(
  open: readonly Prompt[],
  { mcp_server_name: server, elicitation_id: id }: HookPayload,
): Prompt | undefined {
  const forms = open.filter(({ ask }) => ask.kind === 'form' && ask.tool === server);
  const named = forms.find(({ ask }) => id !== null && ask.toolUseId === `form-${id}`);
  return named ?? forms.find(({ handed }) => handed !== null) ?? forms[0];
}
