import type { AgentFiles } from '../../program/files/agent-files.ts';
import { isSamePrompt } from '../screen/arrived-prompt.ts';
import { asEntry, readEntries, textOf, type Entry, type Place } from './entries.ts';
import { STOPPED } from './turn-lines.ts';

/** A prompt that a hook kept from the model. */
export interface RefusedPrompt {
  /** What the hook said. */
  readonly words: string;
}

const REFUSED = 'UserPromptSubmit operation blocked by hook';
const FEEDBACK = 'Stop hook feedback:';
const ORIGINAL = '\n\nOriginal prompt: ';

/** Why the gateway itself keeps a prompt from the model. */
export const OUR_REFUSALS = {
  mangled: 'This text is not what Gatehouse sent.',
  queued: 'Gatehouse enters this again when the turn that runs is over.',
  early: 'Gatehouse is about to send this.',
  astray: 'Gatehouse sets the permission mode back and enters this again.',
  late: 'Nobody waits for this any more.',
  repeated: 'Gatehouse has sent this already.',
} as const;

/** Whether a prompt was refused by a hook behind `offset`. */
export async function holdsRefusal(files: AgentFiles, place: Place): Promise<boolean> {
  const entries = await readEntries(files, place);
  return entries.some(({ content }) => typeof content === 'string' && content.startsWith(REFUSED));
}

/** What somebody else's hooks said when they kept this prompt from the model, oldest first. */
export function refusedPrompts(entries: readonly Entry[], expected: string): readonly RefusedPrompt[] {
  return entries.flatMap(({ type, content }) => {
    if (type !== 'system' || typeof content !== 'string' || !content.startsWith(REFUSED)) return [];
    const cut = content.lastIndexOf(ORIGINAL);
    const prompt = cut < 0 ? '' : content.slice(cut + ORIGINAL.length);
    const words = content.slice(REFUSED.length + 1, cut < 0 ? undefined : cut).trim();
    const isOurs = Object.values(OUR_REFUSALS).some((ours) => words.includes(ours));
    return isSamePrompt(prompt, expected) && !isOurs ? [{ words }] : [];
  });
}

/** What a hook said that ended the turn before the model was asked; null when none did. */
export function stoppedBy({ type, content, preventContinuation }: Entry): string | null {
  if (type !== 'system' || preventContinuation !== true || typeof content !== 'string') return null;
  return content.startsWith(STOPPED) ? content.slice(STOPPED.length + 1).trim() : null;
}

/** What a hook said that ended the turn behind a tool, without another word of the model; null when none did. */
export function endedBy(entry: Entry): string | null {
  const { type, hookEvent, message } = asEntry(entry['attachment']);
  if (type !== 'hook_stopped_continuation' || entry['isSidechain'] === true) return null;
  return hookEvent === 'PreToolUse' || hookEvent === 'PostToolUse' ? String(message) : null;
}

/** What a Stop hook said that did not let the end stand, in whatever form it did: the agent goes on in the same turn. It
 *  stands between the answer and the run of the hooks. */
export function isStopFeedback(entry: Entry): boolean {
  return entry['type'] === 'user' && entry['isMeta'] === true && textOf(entry)?.startsWith(FEEDBACK) === true;
}

/** What ran at the last Stop behind a place, each by its command or address; null when the CLI has noted none yet. */
export function lastStopHooks(entries: readonly Entry[]): readonly string[] | null {
  const last = entries.findLast(({ subtype, hookLabel }) => subtype === 'stop_hook_summary' && hookLabel === undefined);
  if (last === undefined) return null;
  const infos: readonly unknown[] = Array.isArray(last['hookInfos']) ? last['hookInfos'] : [];
  const named = infos.map((info) => String(asEntry(info)['command'] ?? ''));
  const unnamed = Math.max(0, Number(last['hookCount'] ?? 0) - named.length);
  return [...named, ...Array.from({ length: unnamed }, () => '')];
}
