import path from 'node:path';
import { questionsOf, type Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import { toPermission } from '../../program/asking/permission.ts';

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

/** What the PermissionRequest hook answers. */
export function toHookAnswer(ask: ApprovalAsk, decision: Decision): object {
  return { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: toPermission(ask, decision) } };
}
