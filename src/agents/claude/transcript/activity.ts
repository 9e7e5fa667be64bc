import path from 'node:path';
import type { Activity } from '../screen/terminal.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';

export interface ActivityParts {
  readonly files: AgentFiles;
  /** Of the conversation by now: its transcript, and its id. */
  readonly transcript: () => string;
  readonly agentSessionId: () => string;
}

/** Claude Code keeps a file for each of its processes, in which it says what it does. No theme, status line or word of a
 *  person changes that. */
export interface AgentActivity {
  /** Null when the agent says nothing of it. The file lags behind its hooks by some 0.1 s. */
  read(): Promise<Activity | null>;
  /** When its program began (epoch milliseconds); null when it does not say. */
  startedAt(): Promise<number | null>;
}

const OF_A_PROCESS = /^\d+\.json$/;
/** An agent that has no such file will hardly get one. */
const SEARCH_EVERY_MS = 1_000;

export function createActivity(parts: ActivityParts): AgentActivity {
  let known: string | null = null;
  let searchedAt = -Infinity;
  let last: Activity | null = null;

  async function readKnown(): Promise<Told | null> {
    if (known === null) return null;
    const told = await readTold(parts.files, known);
    // It is written over, and for a moment holds nothing.
    if (told === null) return (await parts.files.sizeOf(known)) === null ? null : { ...NOTHING, activity: last };
    return told.agentSessionId === parts.agentSessionId() ? told : null;
  }

  async function search(): Promise<Told | null> {
    if (performance.now() - searchedAt < SEARCH_EVERY_MS) return null;
    searchedAt = performance.now();
    const found = await findTold(parts);
    known = found?.file ?? null;
    return found;
  }

  return {
    async read() {
      const told = (await readKnown()) ?? (await search());
      last = told?.activity ?? null;
      return last;
    },
    startedAt: async () => (await findTold(parts))?.startedAt ?? null,
  };
}

interface Told {
  readonly agentSessionId: string;
  readonly startedAt: number;
  readonly activity: Activity | null;
}

const NOTHING: Told = { agentSessionId: '', startedAt: 0, activity: null };

/** Of the process that has this conversation now: one that was killed leaves its file behind. */
async function findTold({ files, transcript, agentSessionId }: ActivityParts) {
  const folder = path.resolve(transcript(), '..', '..', '..', 'sessions');
  const names = (await files.list(folder)).filter((name) => OF_A_PROCESS.test(name));
  const all = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { ...((await readTold(files, file)) ?? NOTHING), file };
    }),
  );
  const ours = all.filter((told) => told.agentSessionId === agentSessionId());
  return ours.toSorted((a, b) => b.startedAt - a.startedAt)[0] ?? null;
}

async function readTold(files: AgentFiles, file: string): Promise<Told | null> {
  try {
    const said = JSON.parse(await files.readFrom(file, 0)) as Readonly<Record<string, unknown>>;
    const { sessionId, startedAt, status } = said;
    return { agentSessionId: String(sessionId), startedAt: Number(startedAt), activity: toActivity(status) };
  } catch {
    return null;
  }
}

function toActivity(status: unknown): Activity | null {
  return status === 'idle' || status === 'shell' || status === 'busy' || status === 'waiting' ? status : null;
}
