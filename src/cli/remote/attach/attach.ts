import { setTimeout as delay } from 'node:timers/promises';
import type { GatehouseClient, TerminalConnection } from '../../../client/client.ts';
import type { Screen, Terminal } from '../../terminal.ts';
import { connect, type Remote } from '../connection.ts';
import { createKeys, type Keys } from './keys.ts';

export interface AttachOptions extends Remote {
  readonly readOnly?: true;
}

/** Ctrl-], as with telnet: tmux and Claude Code use it for nothing. */
const DETACH = 0x1d;
const AGAIN_MS = 500;
/** What a terminal of the gateway may measure. */
const BOUNDS = { columns: [60, 500], rows: [21, 200] } as const;

/** Sits at the terminal of a session until the detach key, or the session's end. Connects again by itself; what is typed
 *  meanwhile is given then. */
export async function attach(workspace: string, options: AttachOptions, terminal: Terminal): Promise<number> {
  const { client, ask } = await connect(options, terminal);
  // Says what is wrong while the screen is still one's own.
  await ask(client.GET('/session/{workspace}', { params: { path: { workspace } } }));
  const screen = terminal.openScreen();
  if (screen === null) throw new Error('attach needs a terminal: gatehouse screen shows the same on a pipe');
  terminal.complain(`attached to ${workspace}: Ctrl-] leaves`);
  const keys = createKeys();
  const write = options.readOnly === undefined;
  const left = new AbortController();
  screen.onKeys((pressed) => {
    const at = pressed.indexOf(DETACH);
    if (write) keys.press(at === -1 ? pressed : pressed.subarray(0, at));
    if (at !== -1) left.abort();
  });
  try {
    const why = await sit({ client, workspace, write, screen, keys, left: left.signal });
    terminal.complain(`\r\n${why}`);
    return 0;
  } finally {
    screen.close();
  }
}

interface Seat {
  readonly client: GatehouseClient;
  readonly workspace: string;
  readonly write: boolean;
  readonly screen: Screen;
  readonly keys: Keys;
  readonly left: AbortSignal;
}

/** Why it is over. */
async function sit(seat: Seat): Promise<string> {
  for (;;) {
    const ended = await sitOnce(seat);
    if (seat.left.aborted) return `left ${seat.workspace}, which goes on`;
    if (ended !== null) return ended;
    await delay(AGAIN_MS, undefined, { signal: seat.left }).catch(() => undefined);
  }
}

/** One connection. Null: it broke. @throws what was refused */
async function sitOnce({ client, workspace, write, screen, keys, left }: Seat): Promise<string | null> {
  const over = Promise.withResolvers<string | null>();
  let ended: string | null = null;
  const wish = { workspace, ...toSize(screen), write };
  const connection: TerminalConnection = client.openTerminal(wish, {
    onOutput: (bytes) => screen.write(bytes),
    onFrame(frame) {
      if (frame.type === 'opened') keys.open((bytes) => connection.type(bytes));
      else if (frame.type === 'taken') keys.taken(frame.bytes);
      else ended = frame.reason === 'detached' ? 'detached in tmux' : 'the session ended';
    },
    onClosed(_code, _reason, refusal) {
      keys.close();
      if (refusal === null) over.resolve(ended);
      else over.reject(refusal);
    },
  });
  screen.onResize(() => {
    const { columns, rows } = toSize(screen);
    connection.resize(columns, rows);
  });
  const leave = (): void => connection.close();
  left.addEventListener('abort', leave, { once: true });
  try {
    return await over.promise;
  } finally {
    left.removeEventListener('abort', leave);
  }
}

function toSize(screen: Screen): { readonly columns: number; readonly rows: number } {
  const { columns, rows } = screen.size();
  const within = (value: number, [min, max]: readonly [number, number]): number => Math.min(Math.max(value, min), max);
  return { columns: within(columns, BOUNDS.columns), rows: within(rows, BOUNDS.rows) };
}
