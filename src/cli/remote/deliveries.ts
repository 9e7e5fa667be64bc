import type { Schemas } from '../../client/client.ts';
import { printTable } from '../shown/table.ts';
import { toInstant } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect } from './connection.ts';
import type { Shown } from './status.ts';

export interface DeliveriesOptions extends Shown {
  readonly state?: Schemas['DeliveryState'];
  readonly limit: number;
  /** Owes this one again instead. */
  readonly retry?: string;
}

export async function deliveries(options: DeliveriesOptions, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const { state, limit, retry } = options;
  if (retry !== undefined) {
    const again = await ask(client.POST('/deliveries/{id}/retry', { params: { path: { id: retry } } }));
    terminal.print(options.json ? JSON.stringify(again) : again.state);
    return 0;
  }
  const query = { ...(state !== undefined && { state }), limit };
  const list = await ask(client.GET('/deliveries', { params: { query } }));
  if (options.json) terminal.print(JSON.stringify(list));
  else {
    const rows = list.deliveries.map((one) => [
      ...[one.id, one.state, one.to, one.event, one.requestId ?? '-', String(one.attempts), toInstant(one.createdAt)],
      one.lastError ?? '-',
    ]);
    printTable(['DELIVERY', 'STATE', 'TO', 'EVENT', 'REQUEST', 'ATTEMPTS', 'OWED SINCE', 'ERROR'], rows, terminal, [
      ...['EVENT', 'ATTEMPTS', 'REQUEST', 'OWED SINCE'],
    ]);
  }
  return 0;
}
