import { Type, type Static } from 'typebox';
import { APPROVAL_KINDS, APPROVAL_STATES, DECIDERS, PLAN_MODES } from '../../core/model/approval.ts';
import { closed, enumOf, instant, nullable, wholeInQuery, workspace, component } from '../answers/schema-parts.ts';

export const ApprovalParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As listed by GET /approvals.',
    examples: ['apr-mjv3k2a0-4f6Qm8Zr'],
  }),
});
const answers = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]), {
    description,
    examples: [{ 'Which colour?': 'Blue' }],
  });
export const DECISIONS = ['allow', 'deny'] as const;

export const DecisionBody = Type.Object(
  {
    decision: enumOf(DECISIONS, { description: 'A second one is answered 409.', examples: ['allow'] }),
    message: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 10_000,
        description: 'With `deny`: what the agent is told.',
        examples: ['Use the staging database.'],
      }),
    ),
    remember: Type.Optional(
      Type.Boolean({
        description: 'With `allow`: what the agent offers as a rule for this prompt holds for the rest of the session.',
        examples: [true],
      }),
    ),
    answers: Type.Optional(
      answers(
        'With `allow` of a question or a dialog, needed: to each question by its text, a label, several, or (to a question) your own words. Of a form: the value of each field, by its name.',
      ),
    ),
    mode: Type.Optional(
      enumOf(PLAN_MODES, {
        description: 'With `allow` of a plan: edit files without asking, or `ask` for each (the default).',
        examples: ['accept_edits'],
      }),
    ),
  },
  closed,
);
export const ApprovalsQuery = Type.Object(
  {
    state: Type.Optional(enumOf(APPROVAL_STATES, { description: 'Only those in this state.', examples: ['open'] })),
    workspace: Type.Optional(Type.String({ description: 'Only those of this workspace.', examples: ['project-a'] })),
    requestId: Type.Optional(
      Type.String({ description: 'Only those of this request.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] }),
    ),
    limit: Type.Optional(
      wholeInQuery({ minimum: 1, maximum: 1000, description: 'At most so many; 100 when absent.', examples: [100] }),
    ),
  },
  closed,
);

export const Approval = component(
  'Approval',
  Type.Object(
    {
      id: Type.String({ description: 'Names the approval.', examples: ['apr-mjv3k2a0-4f6Qm8Zr'] }),
      state: enumOf(APPROVAL_STATES, {
        description: '`expired`: nobody decided in time, or the turn ended first.',
        examples: ['open'],
      }),
      kind: enumOf(APPROVAL_KINDS, {
        description:
          'May a tool run, what is the answer to a question, may a plan be carried out; an MCP server asks for input (`form`: `server`, `message`, `mode`, `schema`, `url` in `input`), or any other dialog stands on the screen of the agent (`dialog`: its `text` in `input`, its choices in `questions`).',
        examples: ['tool'],
      }),
      requestId: Type.String({ description: 'The request whose turn asks.', examples: ['req-mjv3k2a0-4f6Qm8Zr'] }),
      workspace,
      tool: Type.String({ description: 'The tool, as the agent names it.', examples: ['Bash'] }),
      input: Type.Object({}, { additionalProperties: true, description: 'What the tool is to be given.' }),
      subagent: nullable(Type.String(), "The agent's id of the subagent that asks; null for the agent itself."),
      canRemember: Type.Boolean({ description: 'Whether `remember` may be sent.', examples: [true] }),
      rules: Type.Array(Type.Object({}, { additionalProperties: true }), {
        description: "What `remember` would allow, in the agent's own form.",
      }),
      questions: nullable(
        Type.Array(
          Type.Object(
            {
              question: Type.String({ description: 'Its text, by which it is answered.' }),
              header: Type.String({ description: 'A word for it.' }),
              multiSelect: Type.Boolean({ description: 'Whether several options may be chosen.' }),
              options: Type.Array(
                Type.Object(
                  {
                    label: Type.String({ description: 'The answer.' }),
                    description: Type.String({ description: 'What it means.' }),
                  },
                  closed,
                ),
                { description: 'What is offered; own words are allowed, too.' },
              ),
            },
            closed,
          ),
        ),
        'For the kinds `question` and `dialog`.',
      ),
      decision: nullable(
        enumOf(DECISIONS),
        'What was decided here. While the state is `open`, it is on disk and about to be given.',
      ),
      message: nullable(Type.String(), 'What the agent is told with a denial.'),
      answers: nullable(
        answers('The answers that were given.'),
        'For a question, a form or a dialog that was answered here.',
      ),
      decidedBy: nullable(
        enumOf(DECIDERS),
        'Who decided. `terminal`: a person at the dialog; `agent`: the agent’s side, without a person; `rule`: an earlier one with `remember`.',
      ),
      decidedAt: nullable(Type.Integer(), 'When it was decided (epoch milliseconds).'),
      createdAt: instant('When the agent asked'),
      expiresAt: instant('When it is denied if nobody decides'),
    },
    { ...closed, description: 'A permission prompt of an agent, and what became of it.' },
  ),
);

export const ApprovalList = component(
  'ApprovalList',
  Type.Object(
    {
      approvals: Type.Array(Type.Unsafe<ApprovalDocument>({ $ref: 'Approval#' }), { description: 'Newest first.' }),
      total: Type.Integer({ minimum: 0, description: 'How many there are, beyond the limit too.', examples: [1] }),
    },
    { ...closed, description: 'Approvals.' },
  ),
);

export type ApprovalDocument = Static<typeof Approval>;
export type QuestionDocument = NonNullable<ApprovalDocument['questions']>[number];
