import type { HookRecord } from '../../core/model/hooks/hook.ts';
import type { Statements } from '../sql/statements.ts';
import { allHooks, dropHooks, insertHook } from './hook-queries.ts';

/** Must run inside one transaction. */
export function setHooks(db: Statements, hooks: readonly HookRecord[]): void {
  db.run(dropHooks, {});
  for (const [place, hook] of hooks.entries()) {
    db.run(insertHook, {
      place,
      name: hook.name,
      events: JSON.stringify(hook.events),
      fail_closed: Number(hook.failClosed),
      sources: toJson(hook.sources),
      workspaces: toJson(hook.workspaces),
    });
  }
}

export function listHooks(db: Statements): readonly HookRecord[] {
  return db.all(allHooks, {}).map((row) => ({
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
