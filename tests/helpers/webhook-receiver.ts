import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from './until.ts';

export interface Received {
  readonly id: string;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly path: string;
  /** `performance.now()` */
  readonly at: number;
  /** What it was answered: a status, or what was done to it. */
  readonly answer: Behaviour;
}

/** A status; `silent`: no answer; `reset`: the connection is cut once the request was read. */
export type Behaviour = number | 'silent' | 'reset';

export interface WebhookReceiver {
  readonly url: string;
  readonly port: number;
  /** All that came, whatever it was answered. */
  readonly received: readonly Received[];
  /** What was answered 2xx. */
  taken(): readonly Received[];
  behave(next: Behaviour | ((request: Received) => Behaviour), headers?: http.OutgoingHttpHeaders): void;
  /** Waits until so many were answered 2xx. */
  untilTaken(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

/** A receiver of webhooks on loopback, which behaves as the test says. */
export async function openWebhookReceiver(port = 0): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let behaviour: (request: Received) => Behaviour = () => 204;
  let answerHeaders: http.OutgoingHttpHeaders = {};
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const id = String(request.headers['webhook-id']);
      const came = { id, body, headers: request.headers, path: request.url ?? '', at: performance.now() };
      const answer = behaviour({ ...came, answer: 0 });
      received.push({ ...came, answer });
      if (answer === 'silent') return;
      if (answer === 'reset') request.socket.resetAndDestroy();
      else response.writeHead(answer, answerHeaders).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  const isTaken = ({ answer }: Received): boolean => typeof answer === 'number' && answer >= 200 && answer < 300;

  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    received,
    taken: () => received.filter(isTaken),
    behave(next, headers = {}) {
      behaviour = typeof next === 'function' ? next : () => next;
      answerHeaders = headers;
    },
    async untilTaken(count) {
      await until(() => received.filter(isTaken).length >= count);
      return received.filter(isTaken);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
