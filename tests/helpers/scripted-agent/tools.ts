import { randomUUID } from 'node:crypto';
import { permissionDialog, questionDialog, type Question } from './dialogs.ts';
import type { ToolUse } from './script.ts';
import { assistantLine, hookDecisionLine, toolResultLine } from './transcript.ts';
import type { Dialog } from './view.ts';
import { beginOutput, type Taken, type TurnParts, type TurnState } from './turn-parts.ts';
import { never } from './waiting.ts';

type Verdict = { readonly byHook: 'allow' | 'deny' | null } & (
  | { readonly kind: 'allowed'; readonly result: string }
  | { readonly kind: 'denied'; readonly message: string }
  /** At the dialog: it ends the turn. */
  | { readonly kind: 'refused' }
);

const REJECTED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed.";

/** Asks for permission, or asks the person a question: by the agent hook and at a dialog at once; the first one to
 *  decide counts. True when the tool ran. Rejects when the person refused or the signal aborted. */
export async function useTool(
  parts: TurnParts,
  taken: Taken,
  { tool, input }: ToolUse,
  state: TurnState,
  signal: AbortSignal,
): Promise<boolean> {
  const { hooks, view, transcript } = parts;
  const id = `toolu_${randomUUID()}`;
  const fields = { prompt_id: taken.promptId, tool_name: tool, tool_input: input };
  const note = (result: string, isError: boolean): unknown =>
    transcript.note(toolResultLine(taken.promptId, id, result, isError));

  await hooks.run('PreToolUse', { ...fields, tool_use_id: id }, signal);
  transcript.note(assistantLine([{ type: 'tool_use', id, name: tool, input }], 'tool_use'));
  if (!state.begun) beginOutput(view, state);
  if (tool !== 'AskUserQuestion') view.say(`● ${tool}(${String(Object.values(input)[0])})`);
  const verdict = await decide(parts, fields, signal);
  if (verdict.byHook !== null) transcript.note(hookDecisionLine(id, verdict.byHook));
  switch (verdict.kind) {
    case 'allowed':
      parts.journal.note({ event: 'tool', prompt: taken.prompt, promptId: taken.promptId });
      note(verdict.result, false);
      view.say(`  ⎿  ${verdict.result}`, '');
      await hooks.run('PostToolUse', { ...fields, tool_use_id: id, tool_response: verdict.result }, signal);
      return true;
    case 'denied':
      note(verdict.message, true);
      view.say(`  ⎿  Error: ${verdict.message}`, '');
      return false;
    case 'refused':
      state.refused = true;
      note(REJECTED, true);
      throw new DOMException('refused', 'AbortError');
  }
}

interface AskedTool {
  readonly tool_name: string;
  readonly tool_input: Readonly<Record<string, unknown>>;
}

async function decide(parts: TurnParts, asked: AskedTool, signal: AbortSignal): Promise<Verdict> {
  const { hooks, view } = parts;
  const refused = new AbortController();
  const either = AbortSignal.any([refused.signal, signal]);
  const atDialog = new Promise<Verdict>((resolve) => {
    view.show({ dialog: toDialog(asked, () => view.show({}), resolve) });
  });
  const byHook = hooks
    .run('PermissionRequest', { ...asked, permission_suggestions: RULES }, either)
    .then(({ answer }) => {
      const decision = answer.hookSpecificOutput?.decision;
      if (decision?.behavior === 'allow') return { kind: 'allowed', result: 'done', byHook: 'allow' } as const;
      if (decision?.behavior === 'deny')
        return { kind: 'denied', message: decision.message ?? 'denied', byHook: 'deny' } as const;
      return never(either);
    });
  byHook.catch(() => {});
  try {
    const verdict = await Promise.race([byHook, atDialog, never(signal)]);
    // The real CLI leaves its hook waiting when a person allows the tool.
    if (verdict.kind === 'refused') refused.abort();
    return verdict;
  } finally {
    view.show({ dialog: null });
  }
}

/** What it would remember. */
const RULES = [{ type: 'setMode', mode: 'acceptEdits', destination: 'session' }];

function toDialog(
  { tool_name: tool, tool_input: input }: AskedTool,
  redraw: () => void,
  tell: (verdict: Verdict) => void,
): Dialog {
  const [question] = (tool === 'AskUserQuestion' ? input['questions'] : []) as readonly Question[];
  if (question === undefined) {
    return permissionDialog(tool, input, redraw, (permission) => {
      if (permission.kind === 'allowed') tell({ kind: 'allowed', result: 'done', byHook: null });
      else if (permission.kind === 'denied')
        tell({ kind: 'denied', message: `${REJECTED} ${permission.words}`, byHook: null });
      else tell({ kind: 'refused', byHook: null });
    });
  }
  return questionDialog(question, redraw, (label) => {
    const result = `Your questions have been answered: "${question.question}"="${label}". You can now continue with these answers in mind.`;
    tell(label === null ? { kind: 'refused', byHook: null } : { kind: 'allowed', result, byHook: null });
  });
}
