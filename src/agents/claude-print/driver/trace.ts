import type { SessionSpec, TurnPast, TurnTrace } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { TraceNeeds } from '../../program/driver/program-driver.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import type { LaunchRecord, LaunchRecords } from '../../program/launch/launch-record.ts';
import { replay } from '../link/replay.ts';
import type { PrintSession } from '../session/session.ts';
import { toSaying, type Saying } from '../stream/words.ts';
import { createTurn } from '../turn/turn.ts';

export interface TraceParts extends TraceNeeds<PrintSession> {
  readonly files: Pick<AgentFiles, 'stream'>;
  readonly launches: LaunchRecords;
  readonly prices: PriceTable;
  readonly log: Log;
}

/** Looks for a turn of an earlier process in what was said to the agent, and by it. */
export async function trace(parts: TraceParts, spec: SessionSpec, past: TurnPast): Promise<TurnTrace> {
  const { files, launches, adopt, end } = parts;
  const { workspace } = spec;
  const session = await adopt(spec);
  if (session === null) await end(workspace);
  const record = await launches.read(workspace);
  const found = record === null ? 'unknown' : await findLine(files, workspace, record, past);
  if (session === null)
    return typeof found === 'string'
      ? toUnsaid(found)
      : readTrace(parts, { workspace, version: record?.version ?? null }, found);
  if (typeof found !== 'string') return { kind: 'alive', session };
  if (found === 'unsaid') return { kind: 'unsubmitted', session };
  // Something else stands in its place.
  await session.close();
  return { kind: 'no_proof' };
}

function toUnsaid(found: 'unsaid' | 'unknown'): TurnTrace {
  return found === 'unsaid' ? { kind: 'unsubmitted', session: null } : { kind: 'no_proof' };
}

/** The line of the turn, when it was said whole. `unsaid`: it provably was not. */
async function findLine(
  { stream }: Pick<AgentFiles, 'stream'>,
  workspace: string,
  { token, version }: LaunchRecord,
  { prompt, transcriptOffset: offset }: TurnPast,
): Promise<Saying | 'unsaid' | 'unknown'> {
  if (offset === null) return 'unsaid';
  const said = await stream.said(workspace, offset);
  if (said === null) return 'unknown';
  if (said.text === '') return 'unsaid';
  const saying = toSaying({ token, offset, prompt, version });
  return said.text.startsWith(`${saying.line}\n`) ? saying : 'unknown';
}

/** Of an agent that is gone. */
async function readTrace(
  { files, prices, log }: TraceParts,
  { workspace, version }: { readonly workspace: string; readonly version: string | null },
  saying: Saying,
): Promise<TurnTrace> {
  const turn = createTurn({
    observer: { asked: () => new Promise(() => {}), noticed() {} },
    say: async () => {},
    answered: () => null,
    remembered() {},
    version,
    log,
  });
  turn.saying(saying);
  await replay({ stream: files.stream, workspace, prices, log, until: () => null, attach() {} }, turn, saying.uuid);
  const state = turn.state;
  turn.settle();
  turn.died('The agent is gone.', true);
  const end = await turn.end;
  if (end.kind === 'unsubmitted') return { kind: 'unsubmitted', session: null };
  if (state === 'working') return { kind: 'cut_off', text: turn.said(), usage: end.usage ?? null };
  return { kind: 'ended', end };
}
