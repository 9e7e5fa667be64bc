import type { AgentFiles } from '../../program/files/agent-files.ts';
import { asEntry, isOfSystem, promptOf, readEntries, type Entry, type Place } from './entries.ts';

/** Whose a prompt is: of a person at a keyboard, of a time that the agent had set, or what the CLI names. `keys`: typed by
 *  nobody who is there. */
export type Origin = string;

/** Whose this prompt is, by what the CLI notes of it behind a place; null as long as it has not. */
export async function findOrigin(files: AgentFiles, place: Place, prompt: string): Promise<Origin | null> {
  for (const entry of await readEntries(files, place)) {
    if (promptOf(entry) === prompt) return toOrigin(entry);
    const attachment = asEntry(entry['attachment']);
    if (attachment['type'] === 'queued_command' && attachment['prompt'] === prompt) return toOrigin(attachment);
  }
  return null;
}

function toOrigin(entry: Entry): Origin {
  const { kind } = asEntry(entry['origin']);
  if (typeof kind === 'string') return kind;
  return isOfSystem(entry) ? 'scheduled' : 'human';
}
