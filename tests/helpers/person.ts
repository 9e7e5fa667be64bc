import { spawn } from 'node:child_process';
import { runProgram } from '../../src/lib/run-program.ts';
import { TEST_KEY, type GatewayRig } from './gateway-rig.ts';
import { connectTerminal } from './terminal-client.ts';
import { until } from './until.ts';

/** Somebody at a terminal of their own, attached to a session. */
export interface Person {
  /** Keys as a keyboard sends them; `\r` is Enter, `\u001b` is Escape. */
  type(keys: string): void;
  /** Waits until the screen shows this. */
  sees(text: string | RegExp): Promise<void>;
  screen(): Promise<string>;
  /** Presses a key at the dialog that stands, as often as it takes: newer versions pass by what comes within some 0.2 s
   *  after they drew it. */
  answers(key: string): Promise<void>;
  /** Goes away; what was typed stays. */
  leave(): Promise<void>;
}

/** Attaches with a real tmux client on a real pseudo terminal. */
export async function attachPerson(socket: string, workspace: string): Promise<Person> {
  const session = `claude-${workspace}`;
  const attach = `stty rows 40 cols 120; exec tmux -S ${socket} attach -t =${session}`;
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  const client = spawn('script', ['-qfc', attach, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'], env });
  client.stdout.resume();
  const gone = new Promise<void>((resolve) => client.once('exit', () => resolve()));
  const { tmux, isAttached, ...eyes } = openEyes(socket, session);
  await until(isAttached);
  const attachedAt = Date.now();
  let left = false;
  client.once('exit', () => (left = true));
  const type = (keys: string): void => void client.stdin.write(keys);
  return {
    type,
    ...eyes,
    async answers(key) {
      await untilNextSecond(attachedAt);
      await untilAnswered(eyes.screen, () => type(key));
    },
    async leave() {
      if (left) return;
      await tmux('detach-client', '-s', `=${session}`);
      await gone;
    },
  };
}

/** Attaches through the gateway's own terminal. */
export async function attachPersonByGateway(rig: GatewayRig, workspace: string): Promise<Person> {
  const url = `${rig.baseUrl}/session/${workspace}/terminal?write=true&columns=120&rows=40`;
  const client = await connectTerminal(url, { headers: { 'x-api-key': TEST_KEY }, columns: 120, rows: 40 });
  const { isAttached, screen, sees } = openEyes(rig.gateway.tmuxSocket, `claude-${workspace}`);
  await until(isAttached);
  const attachedAt = Date.now();
  return {
    type: (keys) => client.send(keys),
    screen,
    sees,
    async answers(key) {
      await untilNextSecond(attachedAt);
      await untilAnswered(screen, () => client.send(key));
    },
    async leave() {
      await client.close();
      await until(async () => !(await isAttached()));
    },
  };
}

/** A dialog goes within this time when it has taken its key. */
const TAKEN_WITHIN_MS = 1_000;

/** tmux tells keys by the second: one in the second of the attaching cannot be told from it for long. */
function untilNextSecond(instant: number): Promise<unknown> {
  return until(() => Math.floor(Date.now() / 1_000) > Math.floor(instant / 1_000));
}

/** Presses until no dialog stands any more. */
export async function untilAnswered(screen: () => Promise<string>, press: () => unknown): Promise<void> {
  const stands = async (): Promise<boolean> => (await screen()).includes('Do you want to');
  await until(stands);
  await until(async () => {
    await press();
    return until(async () => !(await stands()), TAKEN_WITHIN_MS).catch(() => false);
  });
}

function openEyes(socket: string, session: string) {
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await runProgram('tmux', ['-S', socket, ...args])).stdout;
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-t', `=${session}:`);
  return {
    tmux,
    screen,
    isAttached: async (): Promise<boolean> => (await tmux('list-clients', '-t', `=${session}`)) !== '',
    sees: async (text: string | RegExp): Promise<void> => {
      await until(async () => {
        const shown = await screen();
        return typeof text === 'string' ? shown.includes(text) : text.test(shown);
      });
    },
  };
}
