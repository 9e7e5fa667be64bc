import type { StreamFiles } from '../../program/files/stream-files.ts';
import { createAgentState } from '../stream/agent-state.ts';
import { asObject, toText } from '../stream/line.ts';
import { readLines } from '../stream/read-lines.ts';
import type { Turn } from '../turn/turn.ts';

export interface ReplayParts {
  readonly stream: Pick<StreamFiles, 'hear' | 'said'>;
  readonly workspace: string;
  /** Before this byte all has been taken by others; from there on the turn hears for itself. Null: the agent is gone, and
   *  all that it said is replayed. */
  readonly until: () => number | null;
  /** Called in the moment in which the turn has heard all before that byte. */
  readonly attach: () => void;
}

/** Hears a turn of an earlier process once more, whose message has this uuid. */
export async function replay({ stream, workspace, until, attach }: ReplayParts, turn: Turn, uuid: string) {
  const begin = await findBegin(stream, workspace, uuid);
  const state = createAgentState();
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
export async function readAnswers(
  stream: Pick<StreamFiles, 'said'>,
  workspace: string,
  offset: number,
): Promise<ReadonlyMap<string, boolean>> {
  const answers = new Map<string, boolean>();
  for (let at = offset; ;) {
    const said = await stream.said(workspace, at);
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
