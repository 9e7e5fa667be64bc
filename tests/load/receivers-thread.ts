// Receivers of webhooks in a thread of their own, so that a busy test does not measure itself. Each behaves as the path
// of the webhook says: `/living`, `/500`, `/429`, `/silent`, `/reset`, `/redirect`. A message asks for what the living
// ones took.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** Epoch milliseconds, of one clock. */
export interface Taken {
  readonly to: string;
  readonly requestId: string;
  readonly endedAt: number;
  readonly at: number;
}

const taken: Taken[] = [];

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  const [, how = ''] = (request.url ?? '').split('/');
  let text = '';
  request.on('error', () => {});
  request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    if (how === 'living') {
      const { timestamp, data } = JSON.parse(text) as { timestamp: string; data: { requestId: string } };
      taken.push({ to: request.url ?? '', requestId: data.requestId, endedAt: Date.parse(timestamp), at });
      response.writeHead(204).end();
    } else fail(how, response);
  });
});

function fail(how: string, response: ServerResponse): void {
  if (how === 'reset') response.socket?.destroy();
  else if (how === '500') response.writeHead(500).end();
  else if (how === '429') response.writeHead(429, { 'retry-after': '2' }).end();
  else if (how === 'redirect') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
}

const { backlog } = workerData as { readonly backlog: number };
server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
parentPort?.on('message', () => parentPort?.postMessage(taken));
