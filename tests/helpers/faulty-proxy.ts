import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lastText } from './scripted-model.ts';

/** What goes wrong with one call of the model. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: object;
      readonly headers?: Record<string, string>;
    }
  /** Not an answer of this API at all. */
  | { readonly kind: 'malformed' }
  /** The stream ends in the middle of a text, without an end. */
  | { readonly kind: 'cut'; readonly said: string }
  /** Says this and then nothing more, without an end. */
  | { readonly kind: 'stall'; readonly said: string }
  /** The model will not answer this. */
  | { readonly kind: 'refusal' }
  /** The connection is closed before a byte was said, as when nobody listens. */
  | { readonly kind: 'refused' };

export interface FaultyProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before a model on loopback and spoils the calls that `fault` names by their prompt; the others pass.
 *  `seen` gets the body of each. */
export async function startFaultyProxy(
  target: string,
  fault: (prompt: string) => Fault | null,
  seen: (body: string) => void = () => {},
): Promise<FaultyProxy> {
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      seen(body);
      const spoiled = request.url?.startsWith('/v1/messages') === true ? fault(readPrompt(body)) : null;
      if (spoiled === null) pass(target, request, body, response);
      else spoil(spoiled, response);
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

function spoil(fault: Fault, response: ServerResponse): void {
  switch (fault.kind) {
    case 'refused':
      response.destroy();
      return;
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(fault.body));
      return;
    case 'malformed':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('event: message_start\ndata: {"type": not json\n\n');
      return;
    case 'refusal':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of [START, REFUSAL, { type: 'message_stop' }]) writeEvent(response, event);
      response.end();
      return;
    case 'stall':
    case 'cut':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of toBeginning(fault.said)) writeEvent(response, event);
      if (fault.kind === 'cut') response.write('', () => response.destroy());
  }
}

interface ApiEvent {
  readonly type: string;
}

function writeEvent(response: ServerResponse, event: ApiEvent): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const MESSAGE = { id: 'msg_cut', type: 'message', role: 'assistant', model: 'scripted', content: [] };
const USAGE = { input_tokens: 1, output_tokens: 1 };
const START = { type: 'message_start', message: { ...MESSAGE, stop_reason: null, stop_sequence: null, usage: USAGE } };
const REFUSAL = {
  type: 'message_delta',
  delta: { stop_reason: 'refusal', stop_sequence: null },
  usage: { output_tokens: 1 },
};

function toBeginning(said: string): readonly ApiEvent[] {
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: said } };
  return [START, block, delta];
}

interface Message {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string }[];
}

/** What the user said last, without what the CLI adds to it. */
function readPrompt(body: string): string {
  const { messages = [] } = JSON.parse(body) as { readonly messages?: readonly Message[] };
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const texts = typeof content === 'string' ? [content] : content.map(({ text }) => text ?? '');
  return lastText(texts).trim();
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
