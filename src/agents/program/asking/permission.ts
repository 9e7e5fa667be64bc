import type { Answer, ApprovalKind, Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';

const QUESTION_TOOL = 'AskUserQuestion';
const PLAN_TOOL = 'ExitPlanMode';

export function toKind(tool: string): ApprovalKind {
  if (tool === QUESTION_TOOL) return 'question';
  return tool === PLAN_TOOL ? 'plan' : 'tool';
}

/** A decision in the agent's own form. Rules hold for this session alone: a file of settings is the user's. */
export function toPermission({ kind, input, rules }: ApprovalAsk, decision: Decision): object {
  const { allow, message, remember, answers, mode } = decision;
  if (!allow) return { behavior: 'deny', message: message ?? DENIED };
  if (kind === 'question') return { behavior: 'allow', updatedInput: { ...input, answers: toTexts(answers) } };
  const updates =
    kind === 'plan'
      ? [{ type: 'setMode', mode: mode === 'accept_edits' ? 'acceptEdits' : 'default', destination: 'session' }]
      : remember
        ? rules.map((rule) => ({ ...rule, destination: 'session' }))
        : [];
  return {
    behavior: 'allow',
    // Newer versions let the dialog of a plan stand when its input does not come back.
    ...(kind === 'plan' && { updatedInput: input }),
    ...(updates.length > 0 && { updatedPermissions: updates }),
  };
}

export const DENIED = 'This was denied. Go on without it, or say what you would need.';

function toTexts(answers: Decision['answers']): Readonly<Record<string, string>> {
  const entries = Object.entries(answers ?? {});
  return Object.fromEntries(entries.map(([question, answer]) => [question, toText(answer)]));
}

function toText(answer: Answer): string {
  return Array.isArray(answer) ? answer.join(', ') : String(answer);
}
