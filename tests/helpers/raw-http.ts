import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  /** NaN: the connection ended without one. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Sends bytes as no well-behaved client would, and reads the one answer to them. */
export async function sendRaw(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return toAnswer(await text(socket));
}

/** A request of these lines, on a connection of its own. */
export function sendLines(port: number, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const head = [...lines, 'Connection: close', `Content-Length: ${Buffer.byteLength(body)}`];
  return sendRaw(port, `${head.join('\r\n')}\r\n\r\n${body}`);
}

function toAnswer(answer: string): RawAnswer {
  const [headers = '', ...body] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1]), headers, body: body.join('\r\n\r\n') };
}
