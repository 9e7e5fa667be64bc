import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StallingProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before a model on loopback. What `say` returns for a call's body is said in place of the model, which
 *  then never goes on; other calls (null) pass. */
export async function startStallingProxy(target: string, say: (body: string) => string | null): Promise<StallingProxy> {
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const said = request.url?.includes('/messages') === true ? say(body) : null;
      if (said === null) pass(target, request, body, response);
      else stall(said, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function stall(text: string, response: ServerResponse): void {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const about = { id: 'msg_stalled', type: 'message', role: 'assistant', model: 'claude-opus-4-8', content: [], usage };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of [
    { type: 'message_start', message: { ...about, stop_reason: null, stop_sequence: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
  ]) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
}

function pass(target: string, request: IncomingMessage, body: string, response: ServerResponse): void {
  const outgoing = forward(
    new URL(request.url ?? '/', target),
    { method: request.method, headers: { ...request.headers, host: new URL(target).host } },
    (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
    },
  );
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  outgoing.end(body);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
