import type { InlineKeyboardMarkup } from 'telegraf/types';
import { type ApprovalRecord, type Decider, questionsOf } from '../../../core/model/approval.ts';
import { type ApprovalButton, toButtons } from '../../../core/model/chat.ts';
import type { ChatText } from '../messenger.ts';
import { cut, join, type Segment } from './pieces.ts';

const INPUT_MAX = 3_000;
const OPTION_MAX = 300;
const LABEL_MAX = 60;

/** What is asked, with buttons while it is open, and afterwards what was decided and by whom. */
export function showApproval(approval: ApprovalRecord): ChatText {
  const asked = [...sayWhat(approval)];
  if (approval.state !== 'open') {
    return { ...join([...asked, { text: '\n\n' }, { text: sayDecision(approval), as: 'bold' }]), buttons: null };
  }
  const buttons = toButtons(approval);
  const isDenyOnly = buttons.every(({ style }) => style === 'deny');
  const hint: readonly Segment[] = isDenyOnly
    ? [{ text: '\n\nIt can be denied here; it is answered over the API or at the terminal.', as: 'italic' }]
    : [];
  return { ...join([...asked, ...hint]), buttons: toKeyboard(buttons) };
}

function sayWhat({ kind, tool, input }: ApprovalRecord): readonly Segment[] {
  switch (kind) {
    case 'tool':
      return [{ text: `May it use ${tool}?`, as: 'bold' }, { text: '\n\n' }, { text: sayInput(input), as: 'pre' }];
    case 'hook':
      return [
        { text: 'May this begin?', as: 'bold' },
        { text: `\n\n${cut(askOf(input), INPUT_MAX / 2)}\n\n` },
        { text: cut(String(input['prompt'] ?? ''), INPUT_MAX / 2).trim(), as: 'pre' },
      ];
    case 'plan':
      return [
        { text: 'May it carry out this plan?', as: 'bold' },
        { text: `\n\n${cut(typeof input['plan'] === 'string' ? input['plan'] : sayInput(input), INPUT_MAX)}` },
      ];
    case 'question':
    case 'dialog':
      return sayQuestions(input);
    case 'form':
      return [{ text: `${tool} asks for input`, as: 'bold' }, { text: '\n\n' }, { text: sayInput(input), as: 'pre' }];
  }
}

function askOf(input: ApprovalRecord['input']): string {
  return typeof input['ask'] === 'string' ? input['ask'] : '';
}

function sayInput(input: ApprovalRecord['input']): string {
  const { command } = input;
  return cut(typeof command === 'string' ? command : JSON.stringify(input, null, 2), INPUT_MAX).trim();
}

function sayQuestions(input: ApprovalRecord['input']): readonly Segment[] {
  const questions = questionsOf(input);
  if (questions.length === 0) return [{ text: 'It asks something', as: 'bold' }, { text: `\n\n${sayInput(input)}` }];
  const most = Math.floor(INPUT_MAX / questions.length);
  return questions.flatMap(({ question, options }, at) => {
    const lines = options.map(({ label, description }) =>
      cut(`• ${label}${description === '' ? '' : `: ${description}`}`, OPTION_MAX),
    );
    const listed = lines.length === 0 ? '' : `\n${cut(lines.join('\n'), most)}`;
    return [{ text: `${at === 0 ? '' : '\n\n'}${cut(question, most / 2)}`, as: 'bold' as const }, { text: listed }];
  });
}

const BY: Readonly<Record<Decider, string>> = {
  api: 'over the API',
  terminal: 'at the terminal',
  agent: 'by the agent’s own rules',
  timeout: 'nobody decided in time',
  rule: 'by what was allowed for this session',
  turn_end: 'the turn ended first',
};

function sayDecision({ state, decision, decidedBy }: ApprovalRecord): string {
  const by = decision?.person === undefined ? (decidedBy === null ? '' : BY[decidedBy]) : `by ${decision.person}`;
  const chosen = Object.values(decision?.answers ?? {}).map(String);
  const answers = chosen.length === 0 ? '' : `: ${cut(chosen.join(', '), OPTION_MAX)}`;
  switch (state) {
    case 'allowed':
      return `✓ Allowed${answers} ${by}`.trim();
    case 'denied':
      return `✗ Denied ${by}`.trim();
    case 'expired':
      return `✗ Expired: ${by === '' ? 'nobody decided in time' : by}`;
    case 'open':
      return '';
  }
}

/** Short ones share a row. */
function toKeyboard(buttons: readonly ApprovalButton[]): InlineKeyboardMarkup {
  const keys = buttons.map(({ label, data }) => ({ text: cut(label, LABEL_MAX), callback_data: data }));
  const isShort = keys.length <= 3 && keys.every(({ text }) => text.length <= 24);
  return { inline_keyboard: isShort ? [keys] : keys.map((key) => [key]) };
}
