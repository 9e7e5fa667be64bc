import { parseArgs } from 'node:util';

export type KeysWish =
  | { readonly verb: 'create'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly verb: 'list' }
  | { readonly verb: 'revoke' | 'rotate'; readonly id: string };

export interface KeysCommand {
  readonly kind: 'keys';
  readonly wish: KeysWish;
  readonly url: string | null;
}

export const KEYS_USAGE = `  keys create <name> --scope <scope>… [--workspace <name or prefix-*>]… [--expires <date>] [--rate <n>]
              [--active <n>] [--turns <n a day>] [--cost <USD a day>]
                              make a key for a caller, and print it: it is shown once
  keys list                   print the keys, without their secrets
  keys rotate <id>            make a new secret for a key, and print it
  keys revoke <id>            end a key, and what it has open`;

const OPTIONS = {
  scope: { type: 'string', multiple: true },
  workspace: { type: 'string', multiple: true },
  expires: { type: 'string' },
  rate: { type: 'string' },
  active: { type: 'string' },
  turns: { type: 'string' },
  cost: { type: 'string' },
  url: { type: 'string' },
} as const;

/** The problem as a text, when it cannot be understood. What a field may be is the gateway's to say. */
export function parseKeys(words: readonly string[]): KeysCommand | string {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    const { url = null, ...options } = values;
    const wish = toWish(positionals, options);
    return typeof wish === 'string' ? wish : { kind: 'keys', wish, url: url === null ? null : toUrl(url) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Options {
  readonly scope?: readonly string[];
  readonly workspace?: readonly string[];
  readonly expires?: string;
  readonly rate?: string;
  readonly active?: string;
  readonly turns?: string;
  readonly cost?: string;
}

function toWish([verb, what, ...more]: readonly string[], options: Options): KeysWish | string {
  if (more.length > 0) return `keys ${verb} does not know ${more.join(' ')}`;
  switch (verb) {
    case 'create':
      if (what === undefined || options.scope === undefined) return 'keys create needs a name and a --scope';
      return { verb, body: toBody(what, options) };
    case 'list':
      return what === undefined ? { verb } : 'keys list takes no arguments';
    case 'rotate':
    case 'revoke':
      return what === undefined ? `keys ${verb} needs the id of a key` : { verb, id: what };
    case undefined:
    default:
      return 'keys needs: create, list, rotate or revoke';
  }
}

function toBody(name: string, { scope, workspace, expires, rate, active, turns, cost }: Options) {
  return {
    name,
    scopes: scope,
    ...(workspace !== undefined && { workspaces: workspace }),
    ...(expires !== undefined && { expiresAt: toInstant(expires) }),
    ...(rate !== undefined && { rateLimitMax: toNumber('rate', rate) }),
    ...(active !== undefined && { activeMax: toNumber('active', active) }),
    ...(turns !== undefined && { dailyTurnsMax: toNumber('turns', turns) }),
    ...(cost !== undefined && { dailyCostMicroUsdMax: Math.round(toNumber('cost', cost) * 1_000_000) }),
  };
}

function toInstant(date: string): number {
  const instant = Date.parse(date);
  if (Number.isNaN(instant)) throw new Error('--expires needs a date, as 2027-01-31');
  return instant;
}

function toNumber(name: string, text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw new Error(`--${name} needs a number`);
  return number;
}

function toUrl(text: string): string {
  const parsed = URL.parse(text);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw new Error('--url needs an http or https address');
  return parsed.href.replace(/\/+$/, '');
}
