import type { HookRecord } from '../../core/model/hooks/hook.ts';
import { all, run, type Step } from '../sql/step.ts';
import { allHooks, dropHooks, insertHook } from './hook-queries.ts';

/** Must run inside one transaction. */
export function* setHooks(hooks: readonly HookRecord[]): Step<void> {
  yield* run(dropHooks, {});
  for (const [place, hook] of hooks.entries()) {
    yield* run(insertHook, {
      place,
      name: hook.name,
      events: JSON.stringify(hook.events),
      fail_closed: Number(hook.failClosed),
      sources: toJson(hook.sources),
      workspaces: toJson(hook.workspaces),
    });
  }
}

export function* listHooks(): Step<readonly HookRecord[]> {
  return (yield* all(allHooks, {})).map((row) => ({
    name: row.name,
    events: JSON.parse(row.events) as HookRecord['events'],
    failClosed: row.fail_closed === 1,
    sources: fromJson(row.sources),
    workspaces: fromJson(row.workspaces),
  }));
}

function toJson(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}

function fromJson(text: string | null): readonly string[] | null {
  return text === null ? null : (JSON.parse(text) as readonly string[]);
}
