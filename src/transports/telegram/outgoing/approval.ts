import type { InlineKeyboardMarkup } from 'telegraf/types';
import { type ApprovalRecord, asksQuestions, questionsOf } from '../../../core/model/approval.ts';
import { type ApprovalButton, toButtons } from '../../../core/model/chat.ts';
import { inputMax, toAskedInput, toWholeInput } from '../../../core/model/words/asked-input.ts';
import { cut, cutMiddle } from '../../../core/model/words/cut.ts';
import { sayDecision, sayElsewhere } from '../../../core/model/words/decision.ts';
import type { ChatText, FileToSend } from '../messenger.ts';
import { join, type Segment } from './pieces.ts';

const INPUT_MAX = 3_000;
const OPTION_MAX = 300;
const LABEL_MAX = 60;

/** What is asked, with buttons while it is open, and afterwards what was decided and by whom. */
export function showApproval(approval: ApprovalRecord): ChatText {
  const asked = [...sayWhat(approval)];
  if (approval.state !== 'open') {
    return { ...join([...asked, { text: '\n\n' }, { text: markDecision(approval), as: 'bold' }]), buttons: null };
  }
  const buttons = toButtons(approval);
  const elsewhere = sayElsewhere(buttons);
  const hint: readonly Segment[] = elsewhere === '' ? [] : [{ text: `\n\n${elsewhere}`, as: 'italic' }];
  return { ...join([...asked, ...hint]), buttons: toKeyboard(buttons) };
}

/** See toWholeInput. */
export function toWholeFile(approval: ApprovalRecord): FileToSend | null {
  const whole = toWholeInput(approval, INPUT_MAX);
  return whole === null ? null : { name: whole.fileName, bytes: Buffer.from(whole.text) };
}

function sayWhat(approval: ApprovalRecord): readonly Segment[] {
  const { kind, tool } = approval;
  const input = cutMiddle(toAskedInput(approval).text, inputMax(approval, INPUT_MAX));
  switch (kind) {
    case 'tool':
      return [{ text: `May it use ${tool}?`, as: 'bold' }, { text: '\n\n' }, { text: input, as: 'pre' }];
    case 'hook':
      return [
        { text: 'May this begin?', as: 'bold' },
        { text: `\n\n${cut(askOf(approval.input), inputMax(approval, INPUT_MAX))}\n\n` },
        { text: input, as: 'pre' },
      ];
    case 'plan':
      return [{ text: 'May it carry out this plan?', as: 'bold' }, { text: `\n\n${input}` }];
    case 'question':
    case 'dialog':
      if (!asksQuestions(approval)) return [{ text: 'It asks something', as: 'bold' }, { text: `\n\n${input}` }];
      return sayQuestions(questionsOf(approval.input));
    case 'form':
      return [{ text: `${tool} asks for input`, as: 'bold' }, { text: '\n\n' }, { text: input, as: 'pre' }];
  }
}

function askOf(input: ApprovalRecord['input']): string {
  return typeof input['ask'] === 'string' ? input['ask'] : '';
}

function sayQuestions(questions: ReturnType<typeof questionsOf>): readonly Segment[] {
  const most = Math.floor(INPUT_MAX / questions.length);
  return questions.flatMap(({ question, options }, at) => {
    const lines = options.map(({ label, description }) =>
      cut(`• ${label}${description === '' ? '' : `: ${description}`}`, OPTION_MAX),
    );
    const listed = lines.length === 0 ? '' : `\n${cut(lines.join('\n'), most)}`;
    return [{ text: `${at === 0 ? '' : '\n\n'}${cut(question, most / 2)}`, as: 'bold' as const }, { text: listed }];
  });
}

function markDecision(approval: ApprovalRecord): string {
  return `${approval.state === 'allowed' ? '✓' : '✗'} ${sayDecision(approval)}`;
}

/** Short ones share a row. */
function toKeyboard(buttons: readonly ApprovalButton[]): InlineKeyboardMarkup {
  const keys = buttons.map(({ label, data }) => ({ text: cut(label, LABEL_MAX), callback_data: data }));
  const isShort = keys.length <= 3 && keys.every(({ text }) => text.length <= 24);
  return { inline_keyboard: isShort ? [keys] : keys.map((key) => [key]) };
}
