// An MCP server with one tool, `ask`, that asks the person by a form and returns what it was told:
// node form-server.ts, on standard input and output.
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly protocolVersion?: string };
  readonly result?: object;
}

const FORM = {
  message: 'Who are you?',
  requestedSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name' },
      age: { type: 'integer' },
      sure: { type: 'boolean' },
      colour: { type: 'string', enum: ['red', 'blue'] },
    },
    required: ['name'],
  },
};
const TOOL = { name: 'ask', description: 'asks', inputSchema: { type: 'object', properties: {} } };

/** The call that waits for each form. */
const waiting = new Map<number, number | undefined>();
let forms = 1_000;

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function answer({ id, method, params, result }: Message): void {
  switch (method ?? 'result') {
    case 'initialize': {
      const serverInfo = { name: 'form', version: '1' };
      return send({
        id,
        result: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo },
      });
    }
    case 'tools/list':
      return send({ id, result: { tools: [TOOL] } });
    case 'tools/call':
      forms += 1;
      waiting.set(forms, id);
      return send({ id: forms, method: 'elicitation/create', params: FORM });
    default:
      if (id !== undefined && waiting.has(id))
        send({ id: waiting.get(id), result: { content: [{ type: 'text', text: JSON.stringify(result) }] } });
  }
}

createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line) as Message));
