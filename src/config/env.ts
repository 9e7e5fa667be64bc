import type { Variable } from './variable.ts';
import { AGENTS_AND_LIMITS } from './variables/agents.ts';
import { CHATS } from './variables/chats.ts';
import { DOORS } from './variables/doors.ts';
import { FOLDERS } from './variables/folders.ts';

/** Everything that can be set, in the order of `.env.example`. */
export const VARIABLES = { ...DOORS, ...FOLDERS, ...CHATS, ...AGENTS_AND_LIMITS } as const;

export type VariableName = keyof typeof VARIABLES;

/** A variable without a default is null when unset. */
export type Values = {
  readonly [N in VariableName]: (typeof VARIABLES)[N] extends Variable<infer T, infer D>
    ? D extends string
      ? T
      : T | null
    : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads every variable and appends a line to `problems` for each that is wrong; its value is then left out. */
export function readVariables(env: Environment, problems: string[]): Values {
  const values = Object.entries<Variable<unknown, string | null>>(VARIABLES).map(([name, { kind, ...variable }]) => {
    const given = env[name]?.trim();
    const unset = given === undefined || (given === '' && variable.emptyIsNone !== true);
    const text = unset ? variable.default : given;
    const value = text === null ? null : kind.parse(text);
    if (value === undefined) problems.push(`${name}: must be ${kind.says}`);
    return [name, value];
  });
  // The entries follow from VARIABLES; a missing value is always told in `problems`.
  return Object.fromEntries(values) as Values;
}
