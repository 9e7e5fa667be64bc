import type { Schemas } from '../../client/client.ts';
import { toInstant } from '../shown/words.ts';
import { catchStopSignals } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';
import { connect } from './connection.ts';
import type { Shown } from './status.ts';

export interface LogsOptions extends Shown {
  readonly follow?: true;
  readonly workspace?: string;
  readonly after?: number;
}

/** What happened to one request, to its end; with `follow` what happens from now on, or from a place in the log on. */
export async function logs(requestId: string | undefined, options: LogsOptions, terminal: Terminal): Promise<number> {
  if (requestId === undefined && options.follow === undefined)
    throw new Error('name a request (gatehouse requests lists them), or follow what happens with -f');
  const { client } = await connect(options, terminal);
  const stop = AbortSignal.any([catchStopSignals(), terminal.unread]);
  const { workspace, after } = options;
  const filter = { ...(workspace !== undefined && { workspace }), ...(after !== undefined && { after }) };
  const events =
    requestId === undefined ? client.followLog(filter, stop) : client.followRequest(requestId, stop, after);
  try {
    for await (const event of events) {
      terminal.print(options.json ? JSON.stringify(event) : toLine(event, terminal));
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  return 0;
}

function toLine({ seq, at, type, workspace, requestId, data }: Schemas['Event'], terminal: Terminal): string {
  const more = Object.keys(data).length === 0 ? '' : ` ${JSON.stringify(data)}`;
  return `${terminal.style('dim', `${seq} ${toInstant(at)}`)} ${workspace} ${requestId ?? '-'} ${type}${more}`;
}
