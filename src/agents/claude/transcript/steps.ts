import type { AgentFiles } from '../process/agent-files.ts';
import { isSamePrompt } from '../screen/composer.ts';
import {
  apiErrorOf,
  contentOf,
  idOf,
  INTERRUPTED,
  isTaskNotification,
  promptOf,
  readEntries,
  toConversation,
  type Entry,
  type Place,
} from './transcript.ts';

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

/** From our prompt to the next one of somebody else. `earlier` as for `followTurn`. */
export async function readSteps(
  files: AgentFiles,
  place: Place,
  expected: string,
  earlier: ReadonlySet<string>,
): Promise<readonly Step[]> {
  const entries = toConversation(await readEntries(files, place));
  const isOurs = (entry: Entry): boolean => {
    const prompt = promptOf(entry);
    return prompt !== null && isSamePrompt(prompt, expected) && !earlier.has(idOf(entry) ?? '');
  };
  const begin = entries.findIndex(isOurs);
  const ours = entries[begin];
  if (ours === undefined) return [];
  const behind = entries.slice(begin + 1);
  const end = behind.findIndex((entry) => isOfSomebodyElse(entry, idOf(ours)));
  return (end < 0 ? behind : behind.slice(0, end)).flatMap(toSteps);
}

function isOfSomebodyElse(entry: Entry, promptId: string | null): boolean {
  const prompt = promptOf(entry);
  if (prompt === null || idOf(entry) === promptId) return false;
  return !isTaskNotification(prompt) && !prompt.startsWith(INTERRUPTED);
}

function toSteps(entry: Entry): Step[] {
  const content = contentOf(entry);
  if (entry['isSidechain'] === true || apiErrorOf(entry) !== null || typeof content === 'string') return [];
  return content.flatMap((block): Step[] => {
    if (block.type === 'text' && entry['type'] === 'assistant' && block.text !== undefined && block.text !== '')
      return [{ kind: 'said', id: String(entry['uuid']), text: block.text }];
    if (block.type === 'tool_use' && block.id !== undefined)
      return [{ kind: 'started', id: block.id, tool: block.name ?? 'unknown', input: toInput(block.input) }];
    if (block.type === 'tool_result' && block.tool_use_id !== undefined)
      return [{ kind: 'ended', id: block.tool_use_id, ok: block.is_error !== true }];
    return [];
  });
}

function toInput(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
