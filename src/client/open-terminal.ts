import type { components } from './api.ts';
import type { Door } from './door.ts';
import { findRefusal, openSocket } from './open-socket.ts';

export interface TerminalWish {
  readonly workspace: string;
  readonly columns: number;
  readonly rows: number;
  /** Keys are to be taken: refused where the gateway does not let callers type. */
  readonly write: boolean;
}

type TerminalFrame = components['schemas']['TerminalFrame'];

export interface TerminalHandlers {
  readonly onOutput: (bytes: Uint8Array) => void;
  readonly onFrame: (frame: TerminalFrame) => void;
  /** Once. `refusal`: why there was no connection at all; null: it broke, or nobody answers. */
  readonly onClosed: (code: number, reason: string, refusal: Error | null) => void;
}

export interface TerminalConnection {
  type(keys: Uint8Array): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

export function openTerminal(door: Door, wish: TerminalWish, handlers: TerminalHandlers): TerminalConnection {
  const { workspace, columns, rows, write } = wish;
  const path = `/session/${encodeURIComponent(workspace)}/terminal`;
  const query = new URLSearchParams({
    columns: String(columns),
    rows: String(rows),
    ...(write && { write: 'true', confirm: 'true' }),
  });
  const socket = openSocket(door, path, query, 'gatehouse.terminal');
  socket.binaryType = 'arraybuffer';
  let wasOpen = false;
  socket.onopen = () => (wasOpen = true);
  socket.onmessage = ({ data }: { readonly data: unknown }) => {
    if (data instanceof ArrayBuffer) handlers.onOutput(new Uint8Array(data));
    else handlers.onFrame(JSON.parse(String(data)) as TerminalFrame);
  };
  socket.onclose = ({ code, reason }) => {
    if (wasOpen) handlers.onClosed(code, reason, null);
    else void findRefusal(door, path, query).then((refusal) => handlers.onClosed(code, reason, refusal));
  };
  const whileOpen = (act: () => void): void => {
    if (socket.readyState === WebSocket.OPEN) act();
  };
  return {
    type: (keys) => whileOpen(() => socket.send(new Uint8Array(keys))),
    resize: (width, height) =>
      whileOpen(() => socket.send(JSON.stringify({ type: 'resize', columns: width, rows: height }))),
    close: () => socket.close(),
  };
}
