// Receivers of webhooks, all in this process: each takes whatever comes, at once. The first one opened also tells, to a
// GET: of `/urls`, where they are; of `/arrivals`, what came since it was asked last.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  /** Of the request that it tells of. */
  readonly requestId: string;
  /** When that request ended, and when this came: epoch milliseconds, of one clock. */
  readonly endedAt: number;
  readonly at: number;
}

const [port = '0', count = '1'] = process.argv.slice(2);
let arrivals: Arrival[] = [];
const urls: string[] = [];
for (let at = 0; at < Number(count); at += 1) urls.push(await listen(at === 0 ? Number(port) : 0));

async function listen(on: number): Promise<string> {
  const server: Server = createServer((request, response) => {
    const at = performance.timeOrigin + performance.now();
    if (request.method === 'GET') {
      response.end(JSON.stringify(request.url === '/urls' ? urls : arrivals));
      if (request.url === '/arrivals') arrivals = [];
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      arrivals.push(toArrival(text, at));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(on, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function toArrival(text: string, at: number): Arrival {
  const { timestamp, data } = JSON.parse(text) as { timestamp: string; data: { requestId: string } };
  return { requestId: data.requestId, endedAt: Date.parse(timestamp), at };
}
