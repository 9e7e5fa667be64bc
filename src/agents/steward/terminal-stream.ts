import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { AttachedTerminal, TerminalSpec } from '../../core/ports/terminal.ts';
import { createTmux } from '../tmux/tmux.ts';
import type { AgentSide } from './agent-side.ts';
import { toProblem } from './problem.ts';

/** `GET /terminal?<call>`, upgraded: bytes of the terminal one way, lines of JSON the other. */
export interface TerminalCall {
  readonly socket: string;
  readonly spec: TerminalSpec;
}

/** One line to the steward. */
export type TerminalOrder =
  | { readonly write: string }
  | { readonly columns: number; readonly rows: number }
  | { readonly close: true };

/** Opens a terminal and carries it until either end is gone. */
export async function carryTerminal(side: AgentSide, request: IncomingMessage, stream: Duplex): Promise<void> {
  stream.on('error', () => stream.destroy());
  try {
    const { socket, spec } = JSON.parse(decodeURIComponent((request.url ?? '').split('?')[1] ?? '')) as TerminalCall;
    const tmux = createTmux({ socket, ask: side.askTmux(socket) });
    carry(await side.terminals(tmux).open(spec), stream);
  } catch (error) {
    const body = JSON.stringify(toProblem(error));
    const head = `HTTP/1.1 500 Not opened\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
    stream.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
  }
}

function carry(terminal: AttachedTerminal, stream: Duplex): void {
  stream.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: terminal\r\n\r\n');
  terminal.onOutput((bytes) => {
    if (!stream.write(bytes)) terminal.pause();
  });
  stream.on('drain', () => terminal.resume());
  const orders = createInterface({ input: stream });
  // It tells the errors of its stream once more.
  orders.on('error', () => {});
  orders.on('line', (line) => {
    const order = parseOrder(line);
    if (order === null) stream.destroy();
    else if ('write' in order) terminal.write(Buffer.from(order.write, 'base64'));
    else if ('columns' in order) terminal.resize(order);
    else void terminal.close();
  });
  stream.on('close', () => void terminal.close());
  void terminal.exited.then(() => stream.end());
}

/** Null: not from a gateway. */
function parseOrder(line: string): TerminalOrder | null {
  try {
    const order: unknown = JSON.parse(line);
    return typeof order === 'object' && order !== null ? (order as TerminalOrder) : null;
  } catch {
    return null;
  }
}
