import { toSessionName } from '../../../core/model/workspace.ts';
import type { LiveDetails } from '../../../core/ports/agent.ts';
import { quote } from '../../tmux/server/command.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { findTree, listProcesses } from '../../processes/process-list.ts';

/** One question to tmux and one look at the process list, however many there are; and one at the screen of each. */
export async function inspect(
  tmux: Tmux,
  workspaces: readonly string[],
  readMode: (workspace: string) => Promise<string | null>,
): Promise<ReadonlyMap<string, LiveDetails>> {
  const [found, processes, modes] = await Promise.all([
    tmux.survey(),
    listProcesses(),
    Promise.all(workspaces.map(async (workspace) => [workspace, await readMode(workspace)] as const)),
  ]);
  const modeOf = new Map(modes);
  const sessions = new Map(found.map((survey) => [survey.session, survey]));
  const details = new Map<string, LiveDetails>();
  for (const workspace of workspaces) {
    const survey = sessions.get(toSessionName(workspace));
    if (survey === undefined || survey.dead) continue;
    const { session, pid, attached, startedAt } = survey;
    const tree = findTree(processes, pid);
    details.set(workspace, {
      attach: `tmux -S ${toWord(tmux.socket)} attach -t '=${session}'`,
      attached,
      permissionMode: modeOf.get(workspace) ?? null,
      process: tree === null ? null : { ...tree, startedAt },
    });
  }
  return details;
}

/** Of a shell's command line; most paths need no quotes. */
function toWord(path: string): string {
  return /^[\w@%+=:./-]+$/.test(path) ? path : quote(path);
}
