import { ButtonStyle, ComponentType } from 'discord.js';
import { type ApprovalRecord, asksQuestions, questionsOf } from '../../../core/model/approval.ts';
import { type ApprovalButton, toButtons } from '../../../core/model/chat.ts';
import { inputMax, toAskedInput, toWholeInput } from '../../../core/model/words/asked-input.ts';
import { cut } from '../../../core/model/words/cut.ts';
import { sayDecision, sayElsewhere } from '../../../core/model/words/decision.ts';
import type { DueDelivery } from '../../../core/ports/transport.ts';
import { toDiscord } from '../../markdown/discord.ts';
import type { Body } from '../api.ts';
import { bare, fenced } from './text.ts';

const INPUT_MAX = 1_500;
const NAME_MAX = 100;
const DECISION_MAX = 350;
const LABEL_MAX = 80;
const ROW_MAX = 5;

/** What is asked, with its buttons; once it is decided, what was decided and by whom in their place. What does not fit
 *  is a file beside. */
export function toApproval({ approval, event }: DueDelivery): Body {
  if (approval === null) return { content: `Permission: ${event.type.replace('approval.', '')}` };
  const asked = [toHead(approval), toInput(approval)];
  const say = (...last: readonly string[]): string => [...asked, ...last].filter((part) => part !== '').join('\n');
  if (approval.state !== 'open') return { content: say(toDecision(approval)) };
  const buttons = toButtons(approval);
  const file = toWholeFile(approval);
  return { content: say(sayElsewhere(buttons)), rows: toRows(buttons), ...(file !== null && { file }) };
}

function toHead({ kind, tool }: ApprovalRecord): string {
  switch (kind) {
    case 'tool':
      return `🔐 **${bare(tool, NAME_MAX)}** asks for permission`;
    case 'hook':
      return '🔐 **May this begin?**';
    case 'plan':
      return '🔐 **A plan** waits for your word';
    case 'question':
    case 'dialog':
      return '❓ **A question**';
    case 'form':
      return `❓ **${bare(tool, NAME_MAX)}** asks for input`;
  }
}

function toInput(approval: ApprovalRecord): string {
  const { kind, input } = approval;
  if (asksQuestions(approval)) return cut(questionsOf(input).map(toQuestion).join('\n'), INPUT_MAX);
  const { text } = toAskedInput(approval);
  const max = inputMax(approval, INPUT_MAX);
  if (kind === 'hook') return [bare(String(input['ask']), max), fenced(text, max)].join('\n');
  const [plan = '', ...others] = kind === 'plan' ? toDiscord(text, INPUT_MAX) : [];
  return kind === 'plan' && others.length === 0 ? plan : fenced(text, INPUT_MAX);
}

/** See toWholeInput. */
function toWholeFile(approval: ApprovalRecord): NonNullable<Body['file']> | null {
  const whole = toWholeInput(approval, INPUT_MAX, (text) => fenced(text, Infinity).length);
  return whole === null ? null : { name: whole.fileName, bytes: Buffer.from(whole.text) };
}

function toQuestion({ question, options }: ReturnType<typeof questionsOf>[number]): string {
  const lines = options.map(({ label, description }) => {
    const more = description === '' ? '' : `: ${bare(description, 200)}`;
    return `- **${bare(label, NAME_MAX)}**${more}`;
  });
  return [bare(question, 600), ...lines].join('\n');
}

const SIGNS = { open: '', allowed: '✅', denied: '🚫', expired: '⌛' } as const;

function toDecision(approval: ApprovalRecord): string {
  return `${SIGNS[approval.state]} ${bare(sayDecision(approval), DECISION_MAX)}`;
}

const STYLES = {
  allow: ButtonStyle.Success,
  deny: ButtonStyle.Danger,
  plain: ButtonStyle.Secondary,
} as const satisfies Record<ApprovalButton['style'], ButtonStyle>;

function toRows(buttons: readonly ApprovalButton[]): NonNullable<Body['rows']> {
  const rows: NonNullable<Body['rows']> = [];
  for (let at = 0; at < buttons.length; at += ROW_MAX) {
    const components = buttons.slice(at, at + ROW_MAX).map(({ label, data, style }) => ({
      type: ComponentType.Button as const,
      style: STYLES[style],
      label: cut(label.trim() || '…', LABEL_MAX),
      custom_id: data,
    }));
    rows.push({ type: ComponentType.ActionRow, components });
  }
  return rows;
}
