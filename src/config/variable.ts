import type { Kind } from './kinds.ts';

export interface Variable<T, D extends string | null> {
  readonly kind: Kind<T>;
  /** As a user would write it; null: nothing, or worked out from other settings as `meaning` says. */
  readonly default: D;
  /** One sentence for `.env.example` and the docs. */
  readonly meaning: string;
  readonly secret?: true;
  /** Set to an empty string it means "none" instead of the default. */
  readonly emptyIsNone?: true;
}

type Extras = Pick<Variable<unknown, null>, 'secret' | 'emptyIsNone'>;

export function variable<T, const D extends string | null>(
  kind: Kind<T>,
  byDefault: D,
  meaning: string,
  extras: Extras = {},
): Variable<T, D> {
  return { kind, default: byDefault, meaning, ...extras };
}
