import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isSamePrompt } from './composer.ts';

/** What a transcript says of one prompt. */
export type TranscriptFinding =
  | { readonly kind: 'absent' }
  | { readonly kind: 'begun'; readonly text: string | null }
  | { readonly kind: 'ended'; readonly text: string };

/** The transcript of exactly this conversation; null when it has none yet. Never the newest file. */
export async function findTranscript(home: string, agentSessionId: string): Promise<string | null> {
  const projects = path.join(home, '.claude', 'projects');
  const folders = await readdir(projects).catch(() => []);
  for (const folder of folders) {
    const file = path.join(projects, folder, `${agentSessionId}.jsonl`);
    if ((await sizeOf(file)) !== null) return file;
  }
  return null;
}

/** Bytes; null when there is no such file. */
export async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    (found) => found.size,
    () => null,
  );
}

/** Looks for the prompt and its end behind `offset`. */
export async function readTurn(file: string, offset: number, expected: string): Promise<TranscriptFinding> {
  let finding: TranscriptFinding = { kind: 'absent' };
  for (const entry of await readEntries(file, offset)) {
    const prompt = promptOf(entry);
    if (prompt !== null && isSamePrompt(prompt, expected)) finding = { kind: 'begun', text: null };
    if (finding.kind === 'absent') continue;
    const text = answerOf(entry);
    if (text !== null && finding.kind === 'begun') finding = { kind: 'begun', text };
    if (isTurnEnd(entry) && finding.kind === 'begun') finding = { kind: 'ended', text: finding.text ?? '' };
  }
  return finding;
}

type Entry = Readonly<Record<string, unknown>>;

async function readEntries(file: string, offset: number): Promise<Entry[]> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - offset));
    await handle.read(buffer, 0, buffer.length, offset);
    return buffer.toString().split('\n').flatMap(parseLine);
  } finally {
    await handle.close();
  }
}

/** A line that is still being written is no entry yet. */
function parseLine(line: string): Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

function promptOf(entry: Entry): string | null {
  if (entry['type'] !== 'user' || entry['isMeta'] === true) return null;
  return textOf(entry);
}

function answerOf(entry: Entry): string | null {
  return entry['type'] === 'assistant' ? textOf(entry) : null;
}

function textOf(entry: Entry): string | null {
  const content = (entry['message'] as { readonly content?: unknown } | undefined)?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const texts = (content as readonly { readonly type?: string; readonly text?: string }[])
    .filter((block) => block.type === 'text')
    .map((block) => block.text ?? '');
  return texts.length === 0 ? null : texts.join('\n');
}

/** The CLI notes the run of the Stop hooks, and the time a turn took, at its end. */
function isTurnEnd(entry: Entry): boolean {
  return (
    entry['type'] === 'system' && (entry['subtype'] === 'stop_hook_summary' || entry['subtype'] === 'turn_duration')
  );
}
