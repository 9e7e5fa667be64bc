import type { Schemas } from '../../client/client.ts';
import { printTable } from '../shown/table.ts';
import { toUsd } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect } from './connection.ts';
import type { Shown } from './status.ts';

export interface UsageOptions extends Shown {
  readonly by: Schemas['UsageGroup'];
  readonly from?: number;
  readonly to?: number;
}

export async function usage(options: UsageOptions, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const { by, from, to } = options;
  const query = { by, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const found = await ask(client.GET('/usage', { params: { query } }));
  if (options.json) terminal.print(JSON.stringify(found));
  else {
    const rows = [...found.groups.map((one) => toRow(one.name ?? '-', one)), toRow('total', found.total)];
    const head = [by.toUpperCase(), 'REQUESTS', 'INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'USD', 'UNPRICED'];
    printTable(head, rows, terminal, ['UNPRICED', 'CACHE WRITE', 'CACHE READ']);
  }
  return 0;
}

function toRow(name: string, spent: Schemas['Usage']['total']): readonly string[] {
  const { requests, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costMicroUsd, unpriced } = spent;
  const tokens = [requests, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens].map(String);
  return [name, ...tokens, toUsd(costMicroUsd), String(unpriced)];
}
