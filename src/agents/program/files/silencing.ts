import type { OtherSettings } from './other-settings.ts';

/** A key of somebody else's settings that keeps a prompt from an agent, or its reports from the gateway. */
export interface Silencing {
  readonly key: string;
  readonly file: string;
  /** What it does, and the way out. */
  readonly words: string;
}

const UNHEARD =
  'keeps the agent from reporting to Gatehouse: take it out, or allow hooks of command line settings there.';
const UNSENT = 'keeps Enter from sending a prompt: take it out, or bind it to chat:submit.';

/** Of managed settings, which stand above the gateway's. */
const MANAGED: Readonly<Record<string, (value: unknown) => boolean>> = {
  disableAllHooks: (value) => value === true,
  allowManagedHooksOnly: (value) => value === true,
  strictPluginOnlyCustomization: (value) => value === true || (Array.isArray(value) && value.includes('hooks')),
};

/** Lists of allowed things, which the CLI joins: the gateway's own entries can stand beside them when an agent starts. */
const LISTS = ['allowedHttpHookUrls', 'httpHookAllowedEnvVars'] as const;

/** What no setting of the gateway's can undo. */
export function findSilencing(others: readonly OtherSettings[]): readonly Silencing[] {
  return others.flatMap(({ file, source, settings }) => {
    if (source === 'keys') return boundKeys(settings).map((key) => ({ key, file, words: UNSENT }));
    if (source !== 'managed') return [];
    const keys = Object.keys(MANAGED).filter((key) => MANAGED[key]?.(settings[key]) === true);
    return keys.map((key) => ({ key, file, words: UNHEARD }));
  });
}

/** Keys that begin with Enter and do not send what stands in the composer. */
function boundKeys({ bindings: blocks }: OtherSettings['settings']): readonly string[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: unknown) => {
    const { context, bindings } = (block ?? {}) as { readonly context?: unknown; readonly bindings?: unknown };
    if ((context !== 'Chat' && context !== 'Global') || typeof bindings !== 'object' || bindings === null) return [];
    const bound = Object.entries(bindings).filter(([key, does]) => ENTER.test(key) && does !== 'chat:submit');
    return bound.map(([key]) => key);
  });
}

const ENTER = /^\s*(enter|return)(\s|$)/i;

/** Lists that are set: without an entry of the gateway's own they silence its agent. */
export function findLists(others: readonly OtherSettings[]): readonly Silencing[] {
  return others.flatMap(({ file, settings }) =>
    LISTS.filter((key) => settings[key] !== undefined).map((key) => ({ key, file, words: UNHEARD })),
  );
}
