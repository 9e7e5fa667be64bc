import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import { subjectsOf } from '../dialogs/asks.ts';
import { toKind } from '../../program/asking/permission.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { isAbout, type Menu } from '../screen/menu.ts';
import { listSubagents, readToolUses } from '../transcript/tool-uses.ts';
import type { Place } from '../transcript/entries.ts';

export interface UntoldParts {
  readonly files: AgentFiles;
  /** Where the transcript of this subagent, or of the agent itself, tells of the turn. */
  readonly placeOf: (subagent: string | null) => Place;
  /** Of the workspace. */
  readonly cwd: string;
  readonly isDone: (toolUseId: string) => boolean;
}

/** Finds who asks in a dialog that nobody told of: the agent asked while no gateway listened. */
export async function findUntold(
  menu: Menu,
  { files, placeOf, cwd, isDone }: UntoldParts,
): Promise<{ readonly ask: ApprovalAsk; readonly place: Place } | null> {
  for (const subagent of [null, ...(await listSubagents(files, placeOf(null).file))]) {
    const place = placeOf(subagent);
    for (const { id: toolUseId, tool, input, result } of await readToolUses(files, place)) {
      if (tool === null || result !== null || isDone(toolUseId)) continue;
      const ask: ApprovalAsk = { kind: toKind(tool), toolUseId, subagent, tool, input, rules: [] };
      if (isAbout(menu, subjectsOf(ask, cwd))) return { ask, place };
    }
  }
  return null;
}
