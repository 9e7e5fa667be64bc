import { request, type IncomingMessage } from 'node:http';

/** One call to the program behind a Unix socket, on a connection of its own. Rejects when it could not be made, and when
 *  the signal aborts. */
export function postToSocket(
  socketPath: string,
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method: 'POST', agent: false, signal });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
