import type { AgentFiles } from '../../program/files/agent-files.ts';

/** One line of a transcript. */
export type Entry = Readonly<Record<string, unknown>>;

/** In a transcript: behind this byte. */
export interface Place {
  readonly file: string;
  readonly offset: number;
}

export interface Block {
  readonly type?: string;
  readonly text?: string;
  readonly content?: unknown;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
}

export async function readEntries(files: AgentFiles, { file, offset }: Place): Promise<Entry[]> {
  return parseEntries(await files.readFrom(file, offset));
}

export function parseEntries(text: string): Entry[] {
  return text.split('\n').flatMap(parseLine);
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

/** What a prompt says: a person's or the gateway's, what woke the agent, what had been scheduled. Null for another line. */
export function promptOf(entry: Entry): string | null {
  if (entry['type'] !== 'user' || entry['isSidechain'] === true || entry['isCompactSummary'] === true) return null;
  // What the CLI notes for itself is none, but what it had been told to ask at this time is.
  return entry['isMeta'] === true && !isOfSystem(entry) ? null : textOf(entry);
}

/** The CLI itself asked: the agent was woken, or a time had come. */
export function isOfSystem(entry: Entry): boolean {
  return entry['promptSource'] === 'system';
}

export function answerOf(entry: Entry): string | null {
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

export function textOf(entry: Entry): string | null {
  const content = contentOf(entry);
  if (typeof content === 'string') return content;
  const texts = content.filter((block) => block.type === 'text').map((block) => block.text ?? '');
  return texts.length === 0 ? null : texts.join('\n');
}

function contentOf(entry: Entry): string | readonly Block[] {
  const content = asEntry(entry['message'])['content'];
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? (content as readonly Block[]) : [];
}

export function blocksOf(entry: Entry): readonly Block[] {
  const content = contentOf(entry);
  return typeof content === 'string' ? [] : content;
}

export function asEntry(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? (value as Entry) : {};
}
