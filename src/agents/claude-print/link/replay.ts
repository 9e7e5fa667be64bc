import type { Log } from '../../../core/ports/log.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import type { StreamFiles } from '../../program/files/stream-files.ts';
import { createAgentState } from '../stream/agent-state.ts';
import { asObject, toText } from '../stream/line.ts';
import { readLines } from '../stream/read-lines.ts';
import { tryAgain } from '../stream/try-again.ts';
import type { Turn } from '../turn/turn.ts';

export interface ReadParts {
  readonly stream: Pick<StreamFiles, 'hear' | 'said'>;
  readonly workspace: string;
  readonly log: Log;
}

export interface ReplayParts extends ReadParts {
  readonly prices: PriceTable;
  /** Before this byte all has been taken by others; from there on the turn hears for itself. Null: the agent is gone, and
   *  all that it said is replayed. */
  readonly until: () => number | null;
  /** Called in the moment in which the turn has heard all before that byte. */
  readonly attach: () => void;
}

/** Hears a turn of an earlier process once more, whose message has this uuid. */
export async function replay(
  { until, attach, prices, ...parts }: ReplayParts,
  turn: Turn,
  uuid: string,
): Promise<void> {
  const { workspace } = parts;
  const stream = withPatience(parts);
  const begin = await findBegin(stream, workspace, uuid);
  const state = createAgentState(prices);
  for (let at = 0; ;) {
    for await (const { line, from, end } of readLines(stream, workspace, at)) {
      if (from >= (until() ?? Infinity)) break;
      at = end;
      const usage = state.take(line);
      if (from >= begin) turn.hear(line, usage, state.hasTasks);
    }
    if (at >= (until() ?? 0)) return attach();
  }
}

/** Behind the last end before the message is mentioned. Older versions mention it only when its turn has begun. */
async function findBegin(stream: Pick<StreamFiles, 'hear'>, workspace: string, uuid: string): Promise<number> {
  let begin = 0;
  for await (const { line, text, end } of readLines(stream, workspace)) {
    if (text.includes(uuid)) return begin;
    if (line.kind === 'result') begin = end;
  }
  return begin;
}

/** What was answered to requests of the agent from this byte of its input on, by their ids: whether it was allowed. */
export async function readAnswers(parts: ReadParts, offset: number): Promise<ReadonlyMap<string, boolean>> {
  const stream = withPatience(parts);
  const answers = new Map<string, boolean>();
  for (let at = offset; ;) {
    const said = await stream.said(parts.workspace, at);
    if (said === null || said.end === at) return answers;
    at = said.end;
    for (const line of said.text.split('\n')) {
      if (!line.startsWith('{"type":"control_response"')) continue;
      const { request_id: id, response } = asObject(asObject(JSON.parse(line))['response']);
      const { behavior, action } = asObject(response);
      answers.set(toText(id), behavior === 'allow' || action === 'accept');
    }
  }
}

/** For 5 s: nobody waits for ever for a file that is gone. */
const TRIES = 50;
const NEVER: AbortSignal = new AbortController().signal;

function withPatience({ stream, workspace, log }: ReadParts): ReadParts['stream'] {
  const failed = (error: unknown): void => log.warn({ workspace, error: String(error) }, 'agent.not_heard');
  const patience = { signal: NEVER, failed, tries: TRIES };
  return {
    hear: (...args) => tryAgain(() => stream.hear(...args), patience),
    said: (...args) => tryAgain(() => stream.said(...args), patience),
  };
}
