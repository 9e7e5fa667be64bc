import {
  questionsOf,
  type Answer,
  type Answers,
  type ApprovalRecord,
  type Question,
} from '../../core/model/approval.ts';
import type { ApprovalDocument, QuestionDocument } from './approval-schemas.ts';

export function toApprovalDocument(approval: ApprovalRecord): ApprovalDocument {
  const { decision, kind, input } = approval;
  return {
    id: approval.id,
    state: approval.state,
    kind,
    requestId: approval.requestId,
    workspace: approval.workspace,
    tool: approval.tool,
    input: { ...input },
    subagent: approval.subagent,
    canRemember: approval.rules.length > 0,
    rules: approval.rules.map((rule) => ({ ...rule })),
    questions: kind === 'question' || kind === 'dialog' ? questionsOf(input).map(toQuestionDocument) : null,
    decision: decision === null ? null : decision.allow ? 'allow' : 'deny',
    message: decision?.message ?? null,
    answers: decision?.answers === undefined || decision.answers === null ? null : toAnswers(decision.answers),
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt,
    createdAt: approval.createdAt,
    expiresAt: approval.expiresAt,
  };
}

function toQuestionDocument({ question, header, multiSelect, options }: Question): QuestionDocument {
  return { question, header, multiSelect, options: options.map((option) => ({ ...option })) };
}

function toAnswers(answers: Answers): NonNullable<ApprovalDocument['answers']> {
  const isList = (value: Answer): value is readonly string[] => Array.isArray(value);
  const entries = Object.entries(answers);
  return Object.fromEntries(entries.map(([name, value]) => [name, isList(value) ? [...value] : value]));
}
