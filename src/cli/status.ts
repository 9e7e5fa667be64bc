import type { StatusCommand } from './arguments.ts';
import { findGateway } from './find-gateway.ts';
import { createGatewayClient } from './gateway-client.ts';
import { describeEnd } from './run.ts';
import type { Terminal } from './terminal.ts';

/** The state on the first line, the text below it. */
export async function status({ requestId, url }: StatusCommand, terminal: Terminal): Promise<number> {
  const client = createGatewayClient(await findGateway(url, terminal));
  const document = await client.status(requestId);
  terminal.print(document.phase === null ? describeEnd(document) : `${document.state}, ${document.phase}`);
  const text = document.text ?? (document.available ? await client.output(requestId) : null);
  if (text !== null) terminal.print(text);
  return 0;
}
