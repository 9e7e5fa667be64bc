import type { HookEvent } from '../../core/model/hooks/contexts.ts';
import type { HookRecord } from '../../core/model/hooks/hook.ts';
import { type HookSetting, TIMEOUT_AFTER_MS, TIMEOUT_PRE_MS } from './schema.ts';

/** A hook of HOOKS_FILE, with what it left out. */
export interface HookEntry extends HookRecord {
  /** Absolute. */
  readonly ref: string;
  /** Null: as it is for each event. */
  readonly timeoutMs: number | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

export function toEntry(setting: HookSetting, name: string, ref: string): HookEntry {
  return {
    name,
    ref,
    events: setting.events,
    failClosed: setting.fail_closed ?? false,
    timeoutMs: setting.timeout_ms ?? null,
    config: setting.config ?? {},
    env: setting.env ?? {},
    sources: setting.sources ?? null,
    workspaces: setting.workspaces ?? null,
  };
}

export function timeoutOf({ timeoutMs }: Pick<HookEntry, 'timeoutMs'>, event: HookEvent): number {
  return timeoutMs ?? (event === 'pre_session' ? TIMEOUT_PRE_MS : TIMEOUT_AFTER_MS);
}

export function isPlugin(ref: string): boolean {
  return /\.(?:mjs|ts)$/.test(ref);
}
