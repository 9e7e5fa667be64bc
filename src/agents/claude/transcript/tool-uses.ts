import path from 'node:path';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { asEntry, blocksOf, readEntries, type Place } from './entries.ts';

/** One use of a tool, as a transcript tells it. */
export interface ToolUse {
  readonly id: string;
  /** Null for one whose begin stands before the place from which was read. */
  readonly tool: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  /** What the PermissionRequest hook said, where its answer counted. */
  readonly byHook: 'allow' | 'deny' | null;
  /** `rejected`: a person said No at the dialog. Null while it waits or runs. */
  readonly result: 'returned' | 'rejected' | null;
  /** What the result says. */
  readonly text: string;
}

/** The second is what a subagent hears. */
const REJECTED = /^(The user doesn't want to|Permission for this tool use was denied)/;

/** Behind this place, in the order in which they began. */
export async function readToolUses(files: AgentFiles, place: Place): Promise<readonly ToolUse[]> {
  const uses = new Map<string, ToolUse>();
  const change = (id: unknown, what: Partial<ToolUse>): void => {
    if (typeof id !== 'string') return;
    const known = uses.get(id) ?? { id, tool: null, input: {}, byHook: null, result: null, text: '' };
    uses.set(id, { ...known, ...what });
  };
  for (const entry of await readEntries(files, place)) {
    const { type, toolUseID, decision } = asEntry(entry['attachment']);
    if (type === 'hook_permission_decision') change(toolUseID, { byHook: decision === 'allow' ? 'allow' : 'deny' });
    for (const block of blocksOf(entry)) {
      if (block.type === 'tool_use') change(block.id, { tool: block.name ?? null, input: asEntry(block.input) });
      if (block.type !== 'tool_result') continue;
      const text = textOf(block.content);
      change(block.tool_use_id, { text, result: REJECTED.test(text) ? 'rejected' : 'returned' });
    }
  }
  return [...uses.values()];
}

/** Where the uses of this subagent's tools stand, or of those of the agent itself, in a turn that begins there. */
export function placeOfUses(turn: Place, subagent: string | null): Place {
  return subagent === null ? turn : { file: toSubagentFile(turn.file, subagent), offset: 0 };
}

/** The transcript of a subagent of this conversation. */
export function toSubagentFile(transcript: string, subagent: string): string {
  return path.join(toSubagentFolder(transcript), `agent-${subagent}.jsonl`);
}

export async function listSubagents(files: AgentFiles, transcript: string): Promise<readonly string[]> {
  const names = await files.list(toSubagentFolder(transcript));
  return names.flatMap((name) => /^agent-(.+)\.jsonl$/.exec(name)?.[1] ?? []);
}

function toSubagentFolder(transcript: string): string {
  return path.join(transcript.replace(/\.jsonl$/, ''), 'subagents');
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((block: unknown) => asEntry(block)['text']);
  return texts.filter((text) => typeof text === 'string').join('\n');
}
