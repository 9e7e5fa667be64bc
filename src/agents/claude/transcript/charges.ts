import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Charge } from '../../program/prices/reckon.ts';
import { asEntry, blocksOf, idOf, parseEntries, type Entry } from './entries.ts';
import { listSubagents, toSubagentFile } from './tool-uses.ts';

/** What the answers of one turn took. */
export interface Charges {
  /** Takes a line of the turn. */
  hear(entry: Entry): void;
  /** One for each answer, whose last line has the numbers of its end. */
  list(): readonly Charge[];
  /** Something was used that may have asked a model, too. */
  readonly hasTools: boolean;
}

export function collectCharges(): Charges {
  const charges = new Map<unknown, Charge>();
  let hasTools = false;
  return {
    hear(entry) {
      hasTools ||= blocksOf(entry).some(({ type }) => type === 'tool_use');
      const charge = toCharge(entry);
      if (charge !== null) charges.set(asEntry(entry['message'])['id'] ?? entry['uuid'], charge);
    },
    list: () => [...charges.values()],
    get hasTools() {
      return hasTools;
    },
  };
}

/** What a line says that the answer took; null for one that is of no model. */
function toCharge(entry: Entry): Charge | null {
  if (entry['type'] !== 'assistant') return null;
  const { model, usage: told, stop_reason: end } = asEntry(entry['message']);
  if (typeof model !== 'string' || model === SYNTHETIC || typeof told !== 'object' || told === null) return null;
  const usage = asEntry(told);
  const { inference_geo: geo, iterations } = usage;
  return {
    model,
    inputTokens: toCount(usage['input_tokens']),
    outputTokens: toCount(usage['output_tokens']),
    cacheReadTokens: toCount(usage['cache_read_input_tokens']),
    cacheWriteTokens: toCount(usage['cache_creation_input_tokens']),
    cacheWrite1hTokens: toCount(asEntry(usage['cache_creation'])['ephemeral_1h_input_tokens']),
    webSearches: toCount(asEntry(usage['server_tool_use'])['web_search_requests']),
    isFast: usage['speed'] === 'fast',
    geo: typeof geo === 'string' ? geo : null,
    isSplit: Array.isArray(iterations) && iterations.length > 1,
    // Of an answer that was broken off the CLI reckons what had been told. 2.1.197 writes no end of those of a subagent.
    isPartial: entry['isSidechain'] === true && typeof end !== 'string',
  };
}

/** What the CLI itself says in the model's name. */
const SYNTHETIC = '<synthetic>';

function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The subagents of a conversation, each with a file of its own. */
export interface Subagents {
  /** What those of these prompts say, as far as it was not read before. */
  read(transcript: string, promptIds: ReadonlySet<string | null>): Promise<readonly Entry[]>;
}

export function followSubagents(files: AgentFiles): Subagents {
  /** So much of each file is of earlier turns. */
  const known = new Map<string, number>();

  async function readNew(file: string): Promise<readonly Entry[]> {
    const from = known.get(file) ?? 0;
    const size = (await files.sizeOf(file)) ?? 0;
    if (size <= from) return [];
    const text = await files.readFrom(file, from);
    // A line that is still being written is read by the next one.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    known.set(file, from + Buffer.byteLength(whole));
    return parseEntries(whole);
  }

  return {
    async read(transcript, promptIds) {
      const found = await listSubagents(files, transcript);
      const lines = await Promise.all(found.map((subagent) => readNew(toSubagentFile(transcript, subagent))));
      return lines.flatMap((entries) => ofPrompts(entries, promptIds));
    },
  };
}

/** A prompt's id stands where it is asked, and holds for the answers behind it. */
function ofPrompts(entries: readonly Entry[], promptIds: ReadonlySet<string | null>): readonly Entry[] {
  let isOurs = false;
  return entries.filter((entry) => {
    const id = idOf(entry);
    if (id !== null) isOurs = promptIds.has(id);
    return isOurs;
  });
}
