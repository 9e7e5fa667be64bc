import { randomUUID } from 'node:crypto';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import type { ShownDialog } from '../screen/shown-dialog.ts';

/** What stands in the place of the tool, for nobody named one. */
const DIALOG_TOOL = 'dialog';

/** A dialog that no agent hook tells of, as it is asked: its text, and its choices as a question. */
export function toShownAsk({ text, title, options }: ShownDialog): ApprovalAsk {
  const boxes = options.filter(({ isTicked }) => isTicked !== null);
  const labels = (boxes.length > 0 ? boxes : options).map(({ label }) => ({ label, description: '' }));
  const question = { question: title, header: '', multiSelect: boxes.length > 0, options: labels };
  return {
    kind: 'dialog',
    toolUseId: `dialog-${randomUUID()}`,
    subagent: null,
    tool: DIALOG_TOOL,
    input: { text, questions: labels.length > 0 ? [question] : [] },
    rules: [],
  };
}
