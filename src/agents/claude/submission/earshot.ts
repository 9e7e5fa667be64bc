import type { AgentFiles } from '../../program/files/agent-files.ts';
import { findLists, findSilencing } from '../../program/files/silencing.ts';
import { NotReadyError } from './not-ready.ts';

/** @throws NotReadyError when settings of somebody else, that came while the agent lives, keep it from reporting: the CLI
 *  takes a change of them at once, and the gateway's own settings only at a start. */
export type ProveEarshot = () => Promise<void>;

/** `lists`: what the agent was started with. Null: what stands there when the first prompt comes, it is taken for. */
export function createEarshot(
  files: Pick<AgentFiles, 'readOtherSettings'>,
  cwd: string,
  lists: readonly string[] | null,
): ProveEarshot {
  let known: ReadonlySet<string> | null = lists === null ? null : new Set(lists);
  return async () => {
    const others = await files.readOtherSettings(cwd);
    const found = [...findSilencing(others), ...findLists(others)];
    known ??= new Set(found.map(({ key }) => key));
    const added = found.find(({ key }) => known?.has(key) === false);
    if (added === undefined) return;
    throw new NotReadyError(`${added.key} in ${added.file} ${added.words}`);
  };
}
