/** `open → allowed | denied | expired`. `expired`: nobody decided in time, or the turn ended first. */
export const APPROVAL_STATES = ['open', 'allowed', 'denied', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** `tool`: may a tool run. `question`: the agent asks something. `plan`: may a plan be carried out. `form`: an MCP server
 *  asks for input. `dialog`: any other dialog that stands on the agent's screen, also before it has started. `hook`: may the
 *  turn begin; a hook of the gateway asks it, and no agent takes part. */
export const APPROVAL_KINDS = ['tool', 'question', 'plan', 'form', 'dialog', 'hook'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** Who decided. `terminal`: a person at the agent's dialog. `agent`: somebody on the agent's side and no person there, as
 *  a hook or a rule of its own, or keys that nobody pressed who was attached. `rule`: another one was allowed with
 *  `remember`, which covers this one too. */
export const DECIDERS = ['api', 'terminal', 'agent', 'timeout', 'rule', 'turn_end'] as const;
export type Decider = (typeof DECIDERS)[number];

/** How the agent may go on after its plan was allowed: edit files without asking, or ask for each. */
export const PLAN_MODES = ['accept_edits', 'ask'] as const;
export type PlanMode = (typeof PLAN_MODES)[number];

/** To each question by its text: the label of an option, several of them, or words of one's own. To a form: what goes
 *  into each of its fields, by the field's name. */
export type Answers = Readonly<Record<string, Answer>>;
export type Answer = string | number | boolean | readonly string[];

export interface Decision {
  readonly allow: boolean;
  /** For the agent, with a denial. */
  readonly message: string | null;
  /** Allows from now on, in this session, what the agent's own rule for this prompt covers. */
  readonly remember: boolean;
  /** For a question, a form or a dialog that is answered. */
  readonly answers: Answers | null;
  /** For a plan that is allowed. */
  readonly mode: PlanMode | null;
  /** Who decided in a chat, as people call them. */
  readonly person?: string;
  /** Nobody decided in time. */
  readonly lapsed?: true;
}

export interface Question {
  readonly question: string;
  readonly header: string;
  /** Several options may be chosen. */
  readonly multiSelect: boolean;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

/** A permission rule in the agent's own form, handed back to it as it came. */
export type AgentRule = Readonly<Record<string, unknown>>;

/** A permission prompt of the agent, and what became of it. Instants are epoch milliseconds. */
export interface ApprovalRecord {
  readonly id: string;
  readonly requestId: string;
  readonly workspace: string;
  readonly kind: ApprovalKind;
  /** The agent's own id of this use of the tool. */
  readonly toolUseId: string;
  /** The agent's own id of the subagent that asks; null for the agent itself. */
  readonly subagent: string | null;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What `remember` would allow; empty when the agent offers nothing. */
  readonly rules: readonly AgentRule[];
  readonly state: ApprovalState;
  /** On disk before the agent is told; the state follows when the agent has taken it. */
  readonly decision: Decision | null;
  readonly decidedBy: Decider | null;
  readonly decidedAt: number | null;
  readonly createdAt: number;
  /** When it is denied if nobody decides. */
  readonly expiresAt: number;
}

/** The questions of a prompt of kind `question` or `dialog`; what is not of their form is left out. */
export function questionsOf(input: Readonly<Record<string, unknown>>): readonly Question[] {
  const questions: unknown = input['questions'];
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((entry: unknown) => {
    const { question, header, multiSelect, options } = asObject(entry);
    if (typeof question !== 'string') return [];
    const known = Array.isArray(options) ? options.flatMap(toOption) : [];
    const isMultiple = multiSelect === true;
    return [{ question, header: typeof header === 'string' ? header : '', multiSelect: isMultiple, options: known }];
  });
}

/** It is asked in questions, and not only shown. */
export function asksQuestions({ kind, input }: ApprovalRecord): boolean {
  return (kind === 'question' || kind === 'dialog') && questionsOf(input).length > 0;
}

function toOption(entry: unknown): Question['options'] {
  const { label, description } = asObject(entry);
  if (typeof label !== 'string') return [];
  return [{ label, description: typeof description === 'string' ? description : '' }];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
