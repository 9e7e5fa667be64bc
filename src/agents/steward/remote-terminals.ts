import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { toSessionName } from '../../core/model/workspace.ts';
import type { AttachedTerminal, TerminalExit, Terminals, TerminalSpec } from '../../core/ports/terminal.ts';
import type { Tmux } from '../tmux/tmux.ts';
import { toError, type Problem } from './problem.ts';
import type { TerminalCall, TerminalOrder } from './terminal-stream.ts';

/** Terminals that the steward opens. */
export function createRemoteTerminals(socketPath: string, tmux: Tmux): Terminals {
  return {
    async open(spec) {
      const stream = await connect(socketPath, { socket: tmux.socket, spec });
      const session = toSessionName(spec.workspace);
      return attach(stream, spec, async () => ((await tmux.pane(session)) === null ? 'session_ended' : 'detached'));
    },
  };
}

function connect(socketPath: string, call: TerminalCall): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const path = `/terminal?${encodeURIComponent(JSON.stringify(call))}`;
    const headers = { connection: 'upgrade', upgrade: 'terminal' };
    const outgoing = request({ socketPath, path, headers, agent: false });
    outgoing.on('error', reject);
    outgoing.on('upgrade', (_response, stream, head) => {
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
    outgoing.on('response', (response) => {
      text(response).then((body) => reject(toError(JSON.parse(body) as Problem)), reject);
    });
    outgoing.end();
  });
}

function attach(stream: Duplex, { readOnly }: TerminalSpec, findReason: () => Promise<TerminalExit>): AttachedTerminal {
  const gone = new Promise<void>((resolve) => stream.once('close', resolve));
  // Its close follows.
  stream.on('error', () => {});
  const order = (what: TerminalOrder): void => {
    if (stream.writable) stream.write(`${JSON.stringify(what)}\n`);
  };
  return {
    onOutput: (listener) => void stream.on('data', listener),
    write(bytes) {
      if (!readOnly) order({ write: Buffer.from(bytes).toString('base64') });
    },
    resize: ({ columns, rows }) => order({ columns, rows }),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    exited: gone.then(findReason).catch(() => 'detached'),
    async close() {
      order({ close: true });
      // What is still on its way is read by nobody; the end comes behind it.
      stream.removeAllListeners('data').resume();
      await gone;
    },
  };
}
