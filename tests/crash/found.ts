import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Phase, RequestState } from '../../src/core/model/request.ts';
import type { GatewayHouse } from '../helpers/gateway-house.ts';

/** What the disk holds of a request. */
export interface Found {
  readonly id: string;
  readonly workspace: string;
  readonly prompt: string;
  readonly state: RequestState;
  readonly phase: Phase | null;
  readonly reason: string | null;
  readonly text: string | null;
  readonly cancelAsked: boolean;
  /** What the transcripts tell of its prompt: nothing, that the agent has it, or also that its turn ended. */
  readonly told: 'nothing' | 'begun' | 'ended';
}

/** In the order of acceptance. */
export async function readFound(house: GatewayHouse, markOf: (prompt: string) => string | null): Promise<Found[]> {
  const told = await readTranscripts(house.transcripts);
  const rows = (await house.read(
    'SELECT id, workspace, prompt, state, phase, reason, text, cancel_asked_at FROM requests ORDER BY seq',
  )) as unknown as (Omit<Found, 'cancelAsked' | 'told'> & { readonly cancel_asked_at: number | null })[];
  return rows.map(({ cancel_asked_at, ...row }) => ({
    ...row,
    cancelAsked: cancel_asked_at !== null,
    told: toTold(told, markOf(row.prompt)),
  }));
}

/** The request of each line of the ledger. */
export async function readSpent(house: GatewayHouse): Promise<string[]> {
  return (await house.read('SELECT request_id FROM spending')).map((row) => String(row['request_id']));
}

/** All lines of all conversations. */
async function readTranscripts(folder: string): Promise<string[][]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith('.jsonl'));
  return Promise.all(files.map(async (name) => (await readFile(path.join(folder, name), 'utf8')).split('\n')));
}

function toTold(transcripts: readonly (readonly string[])[], mark: string | null): Found['told'] {
  for (const lines of transcripts) {
    const begin = lines.findIndex((line) => line.includes('"type":"user"') && line.includes(`job ${mark} `));
    if (begin < 0) continue;
    const next = lines.findIndex(
      (line, at) => at > begin && line.includes('"type":"user"') && !line.includes('"tool_result"'),
    );
    const own = lines.slice(begin, next < 0 ? lines.length : next);
    return own.some((line) => line.includes('"stop_hook_summary"')) ? 'ended' : 'begun';
  }
  return 'nothing';
}
