import type { AgentFiles } from '../../program/files/agent-files.ts';
import { apiErrorOf, asEntry, blocksOf, readEntries, toConversation, type Entry, type Place } from './entries.ts';
import { followLines } from './turn-lines.ts';

/** What the agent said and did in a turn, as the transcript tells it: whole texts, each when it is complete. */
export type Step =
  | { readonly kind: 'said'; readonly id: string; readonly text: string }
  | {
      readonly kind: 'started';
      readonly id: string;
      readonly tool: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'ended'; readonly id: string; readonly ok: boolean };

/** Of our prompt, and of what it left behind. `earlier` as for `followLines`. */
export async function readSteps(
  files: AgentFiles,
  place: Place,
  expected: string,
  earlier: ReadonlySet<string>,
): Promise<readonly Step[]> {
  const lines = followLines(expected, earlier);
  const entries = toConversation(await readEntries(files, place));
  return entries.flatMap((entry) => (lines.take(entry) === 'ours' ? toSteps(entry) : []));
}

function toSteps(entry: Entry): Step[] {
  if (entry['isSidechain'] === true || apiErrorOf(entry) !== null) return [];
  return blocksOf(entry).flatMap((block): Step[] => {
    if (block.type === 'text' && entry['type'] === 'assistant' && block.text !== undefined && block.text !== '')
      return [{ kind: 'said', id: String(entry['uuid']), text: block.text }];
    if (block.type === 'tool_use' && block.id !== undefined)
      return [{ kind: 'started', id: block.id, tool: block.name ?? 'unknown', input: asEntry(block.input) }];
    if (block.type === 'tool_result' && block.tool_use_id !== undefined)
      return [{ kind: 'ended', id: block.tool_use_id, ok: block.is_error !== true }];
    return [];
  });
}
