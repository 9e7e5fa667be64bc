import type { GatehouseClient, TerminalConnection } from '../../../client/client.ts';
import { createPauses } from '../../../client/reconnect.ts';
import type { Screen, Terminal } from '../../terminal.ts';
import { connect, type Remote } from '../connection.ts';
import { createKeys, type Keys } from './keys.ts';

export interface AttachOptions extends Remote {
  readonly readOnly?: true;
}

/** Ctrl-], as with telnet: tmux and Claude Code use it for nothing. */
const DETACH = 0x1d;
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

/** Why it is over. @throws what is refused for good, or that nobody answered for a minute */
async function sit(seat: Seat): Promise<string> {
  const pauses = createPauses();
  for (;;) {
    const end = await sitOnce(seat, () => pauses.reset());
    if (seat.left.aborted) return `left ${seat.workspace}, which goes on`;
    if (end.kind === 'over') return end.why;
    await pauses.rest(end.error, seat.left).catch((error: unknown) => {
      if (!seat.left.aborted) throw error;
    });
  }
}

type SeatEnd = { readonly kind: 'over'; readonly why: string } | { readonly kind: 'broken'; readonly error: Error };

/** One connection. */
async function sitOnce({ client, workspace, write, screen, keys, left }: Seat, opened: () => void): Promise<SeatEnd> {
  const closed = Promise.withResolvers<SeatEnd>();
  let end: SeatEnd = { kind: 'broken', error: new Error('the gateway does not answer any more') };
  const wish = { workspace, ...toSize(screen), write };
  const connection: TerminalConnection = client.openTerminal(wish, {
    onOutput: (bytes) => screen.write(bytes),
    onFrame(frame) {
      if (frame.type === 'opened') {
        opened();
        keys.open((bytes) => connection.type(bytes));
      } else if (frame.type === 'taken') keys.taken(frame.bytes);
      else end = { kind: 'over', why: frame.reason === 'detached' ? 'detached in tmux' : 'the session ended' };
    },
    onClosed(_code, _reason, refusal) {
      keys.close();
      closed.resolve(refusal === null ? end : { kind: 'broken', error: refusal });
    },
  });
  const stopResizing = screen.onResize(() => {
    const { columns, rows } = toSize(screen);
    connection.resize(columns, rows);
  });
  const leave = (): void => connection.close();
  left.addEventListener('abort', leave, { once: true });
  try {
    return await closed.promise;
  } finally {
    stopResizing();
    left.removeEventListener('abort', leave);
  }
}

function toSize(screen: Screen): { readonly columns: number; readonly rows: number } {
  const { columns, rows } = screen.size();
  const within = (value: number, [min, max]: readonly [number, number]): number => Math.min(Math.max(value, min), max);
  return { columns: within(columns, BOUNDS.columns), rows: within(rows, BOUNDS.rows) };
}
