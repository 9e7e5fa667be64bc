import path from 'node:path';
import { questionsOf, type Answer, type ApprovalKind, type Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';

const QUESTION_TOOL = 'AskUserQuestion';
const PLAN_TOOL = 'ExitPlanMode';

export function toKind(tool: string): ApprovalKind {
  if (tool === QUESTION_TOOL) return 'question';
  return tool === PLAN_TOOL ? 'plan' : 'tool';
}

/** Texts of which each proves that a dialog is about this prompt. Files are shown relative to the workspace, `cwd`. */
export function subjectsOf(
  { kind, tool, input }: Pick<ApprovalAsk, 'kind' | 'tool' | 'input'>,
  cwd: string,
): readonly string[] {
  if (kind === 'question') return questionsOf(input).map(({ question }) => question);
  if (kind === 'plan') return ['Would you like to proceed?', 'Claude wants to exit plan mode'];
  const text = (name: string): string | null => (typeof input[name] === 'string' ? input[name] : null);
  const file = text('file_path') ?? text('notebook_path');
  if (file !== null)
    return [
      file,
      path.relative(cwd, file),
      ...['create', 'overwrite', 'edit to'].map((verb) => `${verb} ${path.basename(file)}?`),
    ];
  const named = text('command') ?? text('url');
  if (named !== null) return [named];
  const values = Object.values(input).flatMap((value) =>
    typeof value === 'string' && value.length > 2 ? [value] : [],
  );
  return values.length > 0 ? values : [tool.split('__').at(-1) ?? tool];
}

/** What the PermissionRequest hook answers. Rules hold for this session alone: a file of settings is the user's. */
export function toHookAnswer({ kind, input, rules }: ApprovalAsk, decision: Decision): object {
  const { allow, message, remember, answers, mode } = decision;
  if (!allow) return toAnswer({ behavior: 'deny', message: message ?? DENIED });
  if (kind === 'question')
    return toAnswer({ behavior: 'allow', updatedInput: { ...input, answers: toTexts(answers) } });
  const updates =
    kind === 'plan'
      ? [{ type: 'setMode', mode: mode === 'accept_edits' ? 'acceptEdits' : 'default', destination: 'session' }]
      : remember
        ? rules.map((rule) => ({ ...rule, destination: 'session' }))
        : [];
  return toAnswer({
    behavior: 'allow',
    // Newer versions let the dialog of a plan stand when its input does not come back.
    ...(kind === 'plan' && { updatedInput: input }),
    ...(updates.length > 0 && { updatedPermissions: updates }),
  });
}

export const DENIED = 'This was denied. Go on without it, or say what you would need.';

function toAnswer(decision: object): object {
  return { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } };
}

function toTexts(answers: Decision['answers']): Readonly<Record<string, string>> {
  const entries = Object.entries(answers ?? {});
  return Object.fromEntries(entries.map(([question, answer]) => [question, toText(answer)]));
}

function toText(answer: Answer): string {
  return Array.isArray(answer) ? answer.join(', ') : String(answer);
}
