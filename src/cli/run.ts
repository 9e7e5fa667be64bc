import type { RunCommand } from './arguments.ts';
import { findGateway } from './find-gateway.ts';
import { createGatewayClient } from './gateway-client.ts';
import type { GatewayClient, StatusDocument } from './gateway-client.ts';
import type { Terminal } from './terminal.ts';

const WAIT_SECONDS = 60;

/** Prints the answer alone on stdout; the id goes to stderr at once, so that nothing is lost by going away. */
export async function run({ workspace, prompt, url }: RunCommand, terminal: Terminal): Promise<number> {
  const client = createGatewayClient(await findGateway(url, terminal));
  const command = prompt === '-' ? await terminal.readInput() : prompt;
  // A person waits: the highest class that this route gives.
  const { requestId } = await client.execute({ workspace, command, priority: 'high' });
  terminal.complain(requestId);
  const end = await waitForEnd(client, requestId);
  const text = end.text ?? (end.available ? await client.output(requestId) : null);
  if (text !== null) terminal.print(text);
  if (end.state === 'completed') return 0;
  terminal.complain(describeEnd(end));
  return 3;
}

async function waitForEnd(client: GatewayClient, requestId: string): Promise<StatusDocument> {
  for (;;) {
    const status = await client.status(requestId, WAIT_SECONDS);
    if (status.state !== 'queued' && status.state !== 'running') return status;
  }
}

export function describeEnd({ state, reason, error }: StatusDocument): string {
  return [state, reason === null ? '' : ` (${reason})`, error === null ? '' : `: ${error}`].join('');
}
