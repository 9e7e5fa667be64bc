import { type Static, Type } from 'typebox';
import { HOOK_EVENTS } from '../../core/model/hooks/contexts.ts';
import { SOURCES } from '../../core/model/request.ts';

const TIMEOUT_MIN_MS = 10;
export const TIMEOUT_MAX_MS = 60_000;
export const TIMEOUT_PRE_MS = 1_000;
export const TIMEOUT_AFTER_MS = 5_000;

const listOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Array(Type.Unsafe<T[number]>({ type: 'string', enum: [...values] }), {
    minItems: 1,
    uniqueItems: true,
    description,
  });

const named = (pattern: string, description: string) => Type.String({ pattern, description });

export const HookSchema = Type.Object(
  {
    ref: Type.String({
      minLength: 1,
      description: 'The program or, when it ends in .mjs or .ts, the plugin; relative to the folder of this file.',
    }),
    events: listOf(HOOK_EVENTS, 'What it is called for.'),
    name: Type.Optional(
      named(
        '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$',
        'What it is called in deliveries and logs; by default the name of its file without the ending.',
      ),
    ),
    timeout_ms: Type.Optional(
      Type.Integer({
        minimum: TIMEOUT_MIN_MS,
        maximum: TIMEOUT_MAX_MS,
        description: `How long a call may take; ${TIMEOUT_PRE_MS} before a session and ${TIMEOUT_AFTER_MS} after it when it is left out.`,
      }),
    ),
    fail_closed: Type.Optional(
      Type.Boolean({ description: 'Before a session: what fails denies (true) or allows (false).', default: false }),
    ),
    config: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Handed to it as `config` with each call.' }),
    ),
    env: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), Type.String(), {
        additionalProperties: false,
        description: 'More variables of its environment, which is otherwise PATH, HOME, LANG and TZ.',
      }),
    ),
    sources: Type.Optional(listOf(SOURCES, 'Only for requests that came in there.')),
    workspaces: Type.Optional(
      Type.Array(named('^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,62}\\*?|\\*)$', 'A name, or the begin of names and *.'), {
        minItems: 1,
        uniqueItems: true,
        description: 'Only for these workspaces.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type HookSetting = Static<typeof HookSchema>;
export type HookField = keyof HookSetting;

/** Completes "must be …". */
export const SAYS: Readonly<Record<HookField, string>> = {
  ref: 'the path of a program, or of a plugin that ends in .mjs or .ts',
  events: `a list of ${HOOK_EVENTS.join(', ')}, each once`,
  name: 'at most 63 letters, digits, _ and -, first a letter or digit',
  timeout_ms: `a whole number from ${TIMEOUT_MIN_MS} to ${TIMEOUT_MAX_MS}`,
  fail_closed: 'true or false',
  config: 'an object',
  env: 'an object of variables, each a text',
  sources: `a list of ${SOURCES.join(', ')}, each once`,
  workspaces: 'a list of names of workspaces, or of begins of names such as prod-*, each once',
};

/** The whole file. An editor that knows it completes what is written. */
export const HooksFileSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'Where this schema lies, for editors.' })),
    hooks: Type.Array(HookSchema, { description: 'In the order in which they are asked.' }),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Hooks of Gatehouse',
    description: 'HOOKS_FILE: who may veto a turn, and who is told of it.',
    additionalProperties: false,
  },
);
