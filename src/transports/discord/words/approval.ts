import { ButtonStyle, ComponentType } from 'discord.js';
import { type ApprovalRecord, type Decider, questionsOf } from '../../../core/model/approval.ts';
import { type ApprovalButton, toButtons } from '../../../core/model/chat.ts';
import type { DueDelivery } from '../../../core/ports/transport.ts';
import { toDiscord } from '../../markdown/discord.ts';
import type { Body } from '../api.ts';
import { bare, cut, fenced, TEXT_MAX } from './text.ts';

const INPUT_MAX = 1_500;
const NAME_MAX = 100;
const LABEL_MAX = 80;
const ROW_MAX = 5;
const ELSEWHERE = 'It is answered over the API or at the terminal; here it can only be denied.';

/** What is asked, with its buttons; once it is decided, what was decided and by whom, without them. */
export function toApproval({ approval, event }: DueDelivery): Body {
  if (approval === null) return { content: `Permission: ${event.type.replace('approval.', '')}` };
  const what = toHead(approval);
  if (approval.state !== 'open') return { content: cut(`${what}\n${toDecision(approval)}`, TEXT_MAX) };
  const buttons = toButtons(approval);
  const isOnlyDenied = approval.kind !== 'tool' && buttons.every(({ style }) => style === 'deny');
  const parts = [what, toInput(approval), ...(isOnlyDenied ? [ELSEWHERE] : [])];
  return { content: cut(parts.filter((part) => part !== '').join('\n'), TEXT_MAX), rows: toRows(buttons) };
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

function toInput({ kind, input }: ApprovalRecord): string {
  const { command, plan } = input;
  if (kind === 'hook') return toHookAsk(input);
  if (kind === 'plan' && typeof plan === 'string') return toDiscord(plan, INPUT_MAX)[0] ?? '';
  if (kind === 'question' || kind === 'dialog') return cut(questionsOf(input).map(toQuestion).join('\n'), INPUT_MAX);
  return fenced(typeof command === 'string' ? command : JSON.stringify(input, null, 2), INPUT_MAX);
}

function toHookAsk({ ask, prompt }: ApprovalRecord['input']): string {
  const half = INPUT_MAX / 2;
  return [bare(String(ask), half), fenced(String(prompt), half)].join('\n');
}

function toQuestion({ question, options }: ReturnType<typeof questionsOf>[number]): string {
  const lines = options.map(({ label, description }) => {
    const more = description === '' ? '' : `: ${bare(description, 200)}`;
    return `- **${bare(label, NAME_MAX)}**${more}`;
  });
  return [bare(question, 600), ...lines].join('\n');
}

const DECIDERS: Readonly<Record<Decider, string>> = {
  api: 'over the API',
  terminal: 'at the terminal',
  agent: 'by the agent’s own settings',
  timeout: 'for nobody decided in time',
  rule: 'by a rule of this session',
  turn_end: 'for its turn ended first',
};

function toDecision({ state, decision, decidedBy }: ApprovalRecord): string {
  const person = decision?.person;
  const how = decidedBy === null ? '' : ` ${DECIDERS[decidedBy]}`;
  const who = person === undefined ? how : ` by ${bare(person, NAME_MAX)}`;
  if (state === 'denied') return `🚫 Denied${who}`;
  if (state !== 'allowed') return `⌛ Not decided${how}`;
  const answers = Object.values(decision?.answers ?? {}).map((answer) => bare([answer].flat().join(', '), NAME_MAX));
  const said = answers.length === 0 ? '✅ Allowed' : `✅ Answered: ${answers.join('; ')}`;
  return `${said}${decision?.remember === true ? ', for this session' : ''}${who}`;
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
