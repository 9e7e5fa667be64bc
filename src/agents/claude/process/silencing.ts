import type { OtherSettings } from './other-settings.ts';

/** A key of somebody else's settings that keeps an agent from reporting to the gateway. */
export interface Silencing {
  readonly key: string;
  readonly file: string;
}

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
  return others
    .filter(({ source }) => source === 'managed')
    .flatMap(({ file, settings }) =>
      Object.keys(MANAGED)
        .filter((key) => MANAGED[key]?.(settings[key]) === true)
        .map((key) => ({ key, file })),
    );
}

/** Lists that are set: without an entry of the gateway's own they silence its agent. */
export function findLists(others: readonly OtherSettings[]): readonly Silencing[] {
  return others.flatMap(({ file, settings }) =>
    LISTS.filter((key) => settings[key] !== undefined).map((key) => ({ key, file })),
  );
}
