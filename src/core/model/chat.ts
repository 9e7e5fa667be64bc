import { questionsOf, type ApprovalRecord, type PlanMode } from './approval.ts';
import type { ThreadPlace } from './thread.ts';

/** The networks in which people speak. */
export const CHAT_TRANSPORTS = ['telegram', 'discord'] as const;
export type ChatTransport = (typeof CHAT_TRANSPORTS)[number];

/** What may have threads: a network, or what stands in for one. New tasks go to the first that is configured. */
export const PLATFORMS = [...CHAT_TRANSPORTS, 'task'] as const;

export interface ChatPlace extends ThreadPlace {
  readonly transport: ChatTransport;
  /** What the operator allows as a whole: a chat of Telegram, a server of Discord. */
  readonly community: string;
  /** What is delivered to: `telegram:<chat>:<thread>`, `discord:<channel>`. */
  readonly address: string;
  /** The name of the thread, for people. */
  readonly name: string;
}

export interface Speaker {
  readonly id: string;
  /** As people call them. */
  readonly name: string;
  /** Another program, or somebody who speaks for a channel: they start nothing. */
  readonly isProgram: boolean;
}

/** Who may do what in one network. An empty list is nobody. */
export interface ChatAccess {
  readonly communities: readonly string[];
  readonly users: readonly string[];
  readonly approvers: readonly string[];
}

/** What a button under an approval says and does. `data` has at most 64 bytes. */
export interface ApprovalButton {
  readonly label: string;
  readonly data: string;
  readonly style: 'allow' | 'deny' | 'plain';
}

export interface ApprovalPress {
  readonly approvalId: string;
  readonly allow: boolean;
  readonly remember?: true;
  readonly mode?: PlanMode;
  /** The place of the chosen option. */
  readonly option?: number;
}

/** Of one question: more of them are answered over the API or at the terminal. */
const OPTIONS_MAX = 10;

const MODES: Readonly<Record<string, PlanMode>> = { e: 'accept_edits', k: 'ask' };

/** Empty: it cannot be decided by buttons. */
export function toButtons({ id, kind, input, rules }: ApprovalRecord): readonly ApprovalButton[] {
  const button = (label: string, code: string, style: ApprovalButton['style']): ApprovalButton => ({
    label,
    data: `${code}:${id}`,
    style,
  });
  const deny = button('Deny', 'd', 'deny');
  switch (kind) {
    case 'hook':
      return [button('Allow', 'a', 'allow'), deny];
    case 'tool':
      return [
        button('Allow', 'a', 'allow'),
        deny,
        ...(rules.length > 0 ? [button('Allow for this session', 's', 'plain')] : []),
      ];
    case 'plan':
      return [button('Go, and edit freely', 'pe', 'allow'), button('Go, and ask for each edit', 'pk', 'plain'), deny];
    case 'question':
    case 'dialog': {
      const [question, ...others] = questionsOf(input);
      if (question === undefined || others.length > 0 || question.multiSelect) return [deny];
      const options = question.options.slice(0, OPTIONS_MAX);
      return [...options.map(({ label }, at) => button(label, `o${at}`, 'plain')), deny];
    }
    case 'form':
      return [deny];
  }
}

/** Null for what is no button of ours. */
export function parsePress(data: string): ApprovalPress | null {
  const [, code = '', approvalId = ''] = /^([a-z]\w{0,2}):([\w-]{1,60})$/.exec(data) ?? [];
  if (code === 'a') return { approvalId, allow: true };
  if (code === 'd') return { approvalId, allow: false };
  if (code === 's') return { approvalId, allow: true, remember: true };
  const mode = code.startsWith('p') ? MODES[code.slice(1)] : undefined;
  if (mode !== undefined) return { approvalId, allow: true, mode };
  const [, option] = /^o(\d{1,2})$/.exec(code) ?? [];
  return option === undefined ? null : { approvalId, allow: true, option: Number(option) };
}
