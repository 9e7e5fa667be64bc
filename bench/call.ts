import { Agent, request } from 'node:http';

/** Calls one server over connections that are kept, as a client of it would. */
export interface Call {
  (method: 'GET' | 'POST', path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function createCall(url: string, key: string): Call {
  const agent = new Agent({ keepAlive: true });
  const call = (
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const outgoing = request(`${url}${path}`, { method, agent, headers: { 'x-api-key': key, ...type, ...headers } });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, body: parse(text) }));
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return Object.assign(call, { close: () => agent.destroy() });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
