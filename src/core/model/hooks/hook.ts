import type { HookEvent } from './contexts.ts';

/** Which turns a hook is for. Null: all. */
export interface HookScope {
  readonly sources: readonly string[] | null;
  /** Names, or what names begin with: `prod-*`. */
  readonly workspaces: readonly string[] | null;
}

/** A hook, as far as it matters to turns: what it is and how it is run is known to whoever runs it. */
export interface HookRecord extends HookScope {
  readonly name: string;
  readonly events: readonly HookEvent[];
  /** A pre-session hook that fails denies. */
  readonly failClosed: boolean;
}

export function isHookFor(
  hook: Pick<HookRecord, 'events' | keyof HookScope>,
  event: HookEvent,
  { source, workspace }: { readonly source: string; readonly workspace: string },
): boolean {
  if (!hook.events.includes(event)) return false;
  if (hook.sources !== null && !hook.sources.includes(source)) return false;
  return hook.workspaces === null || hook.workspaces.some((pattern) => fits(pattern, workspace));
}

function fits(pattern: string, workspace: string): boolean {
  return pattern.endsWith('*') ? workspace.startsWith(pattern.slice(0, -1)) : workspace === pattern;
}

/** Where what a hook is to be told is delivered to. */
export function toHookAddress(name: string): string {
  return `hook:${name}`;
}
