import type { WebSocket } from '@fastify/websocket';
import type { AttachedTerminal } from '../../core/ports/terminal.ts';
import { isTooLarge } from '../sockets/websockets.ts';
import { createOutput, keepAlive, type Patience } from '../sockets/socket-output.ts';
import { parseClientMessage, type ServerMessage } from './terminal-messages.ts';

export interface TerminalSocketDeps {
  readonly socket: WebSocket;
  readonly terminal: AttachedTerminal;
  /** Each frame of keys is confirmed. */
  readonly confirms: boolean;
  readonly opened: Omit<Extract<ServerMessage, { type: 'opened' }>, 'type'>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly patience: Patience;
}

/** Joins a client and a terminal until one of them is gone. */
export function joinTerminal(deps: TerminalSocketDeps): void {
  const { socket, terminal, confirms, opened, closing, patience } = deps;
  let taken = 0;
  const say = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  const stop = (): void => socket.close(1001, 'the gateway stops: reconnect in a moment');
  const output = createOutput(socket, terminal, { stallMs: patience.stallMs, binary: true });
  const stopPings = keepAlive(socket, patience.pingMs, output.isHeld);
  closing.addEventListener('abort', stop);
  socket.once('close', () => {
    stopPings();
    output.end();
    closing.removeEventListener('abort', stop);
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isTooLarge(socket, data)) return;
    if (isBinary) {
      terminal.write(data);
      taken += data.length;
      if (confirms) say({ type: 'taken', bytes: taken });
      return;
    }
    const message = parseClientMessage(data.toString());
    if (message.type === 'wrong') socket.close(message.code, message.reason);
    else terminal.resize(message.size);
  });
  void terminal.exited.then((reason) => {
    if (socket.readyState !== socket.OPEN) return;
    say({ type: 'exited', reason });
    socket.close(1000, reason);
  });
  say({ type: 'opened', ...opened });
  if (closing.aborted) stop();
  else terminal.onOutput(output.send);
}
