import path from 'node:path';
import type { AgentFiles } from '../process/agent-files.ts';
import { isSamePrompt } from '../screen/composer.ts';

/** What a transcript says of one prompt. `promptId` is the one that its agent hooks bear. */
export type TranscriptFinding =
  | { readonly kind: 'absent' }
  | (Found & { readonly kind: 'begun' | 'ended' | 'interrupted' })
  /** The CLI gave up asking the model; `error` is its kind of error, `message` what it said. */
  | (Found & { readonly kind: 'failed'; readonly error: string; readonly message: string });

interface Found {
  readonly promptId: string | null;
  /** What was said so far; null when nothing was. */
  readonly text: string | null;
}

/** In a transcript: behind this byte. */
export interface Place {
  readonly file: string;
  readonly offset: number;
}

/** The transcript of exactly this conversation; null when it has none yet. Never the newest file. */
export async function findTranscript(files: AgentFiles, home: string, agentSessionId: string): Promise<string | null> {
  const projects = path.join(home, '.claude', 'projects');
  for (const folder of await files.list(projects)) {
    const file = path.join(projects, folder, `${agentSessionId}.jsonl`);
    if ((await files.sizeOf(file)) !== null) return file;
  }
  return null;
}

/** Looks for the prompt and its end behind `offset`. */
export async function readTurn(
  files: AgentFiles,
  { file, offset }: Place,
  expected: string,
  earlier?: ReadonlySet<string>,
): Promise<TranscriptFinding> {
  return followTurn(await readEntries(files, { file, offset }), expected, earlier);
}

/** Whether a prompt was refused by a hook behind `offset`. */
export async function holdsRefusal(files: AgentFiles, place: Place): Promise<boolean> {
  const entries = await readEntries(files, place);
  return entries.some(({ content }) => typeof content === 'string' && content.startsWith(REFUSED));
}

const REFUSED = 'UserPromptSubmit operation blocked by hook';

export type Entry = Readonly<Record<string, unknown>>;

/** Reads in the order of the conversation: prompt, answers, and a line at the turn's end.
 *  `earlier`: ids of prompts before this one. The file lags behind, so an equal one may stand behind the offset. */
export function followTurn(
  lines: readonly Entry[],
  expected: string,
  earlier: ReadonlySet<string> = new Set(),
): TranscriptFinding {
  const entries = toConversation(lines);
  let found: TranscriptFinding = { kind: 'absent' };
  /** Commands and subagents that the agent left running: each wakes it again, so the turn is not over. */
  const background = new Set<string>();
  let messageId: unknown = null;
  for (const entry of entries) {
    const prompt = promptOf(entry);
    if (found.kind === 'absent') {
      if (prompt !== null && isSamePrompt(prompt, expected) && !earlier.has(idOf(entry) ?? ''))
        found = { kind: 'begun', promptId: idOf(entry), text: null };
      continue;
    }
    for (const task of startedTasks(entry)) background.add(task);
    if (prompt !== null) {
      const task = endedTask(prompt);
      if (task !== null) {
        if (background.delete(task)) found = { ...toFound(found), kind: 'begun' };
      } else if (found.kind === 'begun' && prompt.startsWith(INTERRUPTED)) {
        found = { ...toFound(found), kind: 'interrupted' };
      } else if (found.kind === 'begun' && idOf(entry) !== found.promptId) {
        // Somebody else's prompt follows and ours had no end.
        found = { ...toFound(found), kind: 'interrupted' };
      }
    }
    if (found.kind !== 'begun') continue;
    const error = apiErrorOf(entry);
    if (error !== null) {
      found = { ...toFound(found), kind: 'failed', error, message: answerOf(entry) ?? error };
      continue;
    }
    const text = answerOf(entry);
    if (text !== null && text !== '') {
      const id = (entry['message'] as { readonly id?: unknown }).id;
      const more: boolean = id !== undefined && id === messageId && found.text !== null;
      found = { ...found, text: more ? `${found.text}\n${text}` : text };
      messageId = id;
    }
    if (isTurnEnd(entry) && background.size === 0) found = { ...toFound(found), kind: 'ended' };
  }
  return found;
}

/** The CLI sometimes writes an answer before its prompt; each line names the one that it follows. */
export function toConversation(lines: readonly Entry[]): readonly Entry[] {
  const byId = new Map(lines.map((line) => [line['uuid'], line]));
  const placed = new Set<Entry>();
  for (const line of lines) {
    const chain: Entry[] = [];
    for (let at: Entry | undefined = line; at !== undefined && !placed.has(at) && !chain.includes(at);) {
      chain.push(at);
      at = at['parentUuid'] === null ? undefined : byId.get(at['parentUuid']);
    }
    for (const entry of chain.toReversed()) placed.add(entry);
  }
  return [...placed];
}

function toFound({ promptId, text }: Found): Found {
  return { promptId, text };
}

export const INTERRUPTED = '[Request interrupted by user';

export async function readEntries(files: AgentFiles, { file, offset }: Place): Promise<Entry[]> {
  return (await files.readFrom(file, offset)).split('\n').flatMap(parseLine);
}

/** A line that is still being written is no entry yet. */
function parseLine(line: string): Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? [entry as Entry] : [];
  } catch {
    return [];
  }
}

export function promptOf(entry: Entry): string | null {
  if (entry['type'] !== 'user' || entry['isMeta'] === true || entry['isSidechain'] === true) return null;
  return textOf(entry);
}

function answerOf(entry: Entry): string | null {
  return entry['type'] === 'assistant' && entry['isSidechain'] !== true ? textOf(entry) : null;
}

export function apiErrorOf(entry: Entry): string | null {
  if (entry['type'] !== 'assistant' || entry['isApiErrorMessage'] !== true || entry['isSidechain'] === true)
    return null;
  return typeof entry['error'] === 'string' ? entry['error'] : 'unknown';
}

export function idOf(entry: Entry): string | null {
  return typeof entry['promptId'] === 'string' ? entry['promptId'] : null;
}

function textOf(entry: Entry): string | null {
  const content = contentOf(entry);
  if (typeof content === 'string') return content;
  const texts = content.filter((block) => block.type === 'text').map((block) => block.text ?? '');
  return texts.length === 0 ? null : texts.join('\n');
}

interface Block {
  readonly type?: string;
  readonly text?: string;
  readonly content?: unknown;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
}

export function contentOf(entry: Entry): string | readonly Block[] {
  const content = (entry['message'] as { readonly content?: unknown } | undefined)?.content;
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? (content as readonly Block[]) : [];
}

/** A tool's result that names the command or the subagent it left running. */
function startedTasks(entry: Entry): string[] {
  const content = contentOf(entry);
  if (entry['type'] !== 'user' || typeof content === 'string') return [];
  const launched = entry['toolUseResult'] as { readonly status?: unknown; readonly agentId?: unknown } | undefined;
  if (launched?.status === 'async_launched') return [String(launched.agentId)];
  return content.flatMap((block) => {
    const found = /running in (?:the )?background with ID: (\w+)/.exec(JSON.stringify(block.content ?? ''));
    return block.type === 'tool_result' && found?.[1] !== undefined ? [found[1]] : [];
  });
}

/** The CLI wakes its agent with a prompt of its own when such a command has ended. */
function endedTask(prompt: string): string | null {
  if (!isTaskNotification(prompt)) return null;
  return /<task-id>(\w+)<\/task-id>/.exec(prompt)?.[1] ?? null;
}

export function isTaskNotification(prompt: string): boolean {
  return prompt.trimStart().startsWith('<task-notification>');
}

/** The CLI notes the run of the Stop hooks, and the time a turn took, at its end. */
function isTurnEnd(entry: Entry): boolean {
  return (
    entry['type'] === 'system' && (entry['subtype'] === 'stop_hook_summary' || entry['subtype'] === 'turn_duration')
  );
}
