import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { settlesWithin } from '../../src/lib/settles-within.ts';
import { until, type Place } from '../place.ts';
import type { Claude } from './claude.ts';

/** The CLI in tmux with nothing around it: a paste, Enter, and its agent hooks. No check, no record, no queue. */
export interface ByHand {
  /** Resolves with the text. */
  turn(prompt: string): Promise<string>;
}

/** The agent hooks that it has beside Stop; each is answered with nothing. */
export interface HandOptions {
  readonly name: string;
  readonly events: readonly string[];
}

const SESSION = 'hand';
const ENTER_AGAIN_MS = 1_000;

export async function openByHand(
  place: Place,
  { bin, cwd, env }: Claude,
  { name, events }: HandOptions,
): Promise<ByHand> {
  let stopped = Promise.withResolvers<string>();
  const port = await listenForStops(place, (text) => stopped.resolve(text));
  const settings = place.path(`${name}.json`);
  const hook = { type: 'http', url: `http://127.0.0.1:${port}/`, timeout: 60 };
  const hooks = Object.fromEntries(['Stop', ...events].map((event) => [event, [{ hooks: [hook] }]]));
  await writeFile(settings, JSON.stringify({ hooks }));

  const tmux = (...args: readonly string[]): Promise<string> =>
    place.run(['tmux', '-S', place.path(`${name}-tmux`), '-f', '/dev/null', ...args], env);
  const argv = [bin, '--session-id', randomUUID(), '--settings', settings];
  await tmux('new-session', '-d', '-x', '200', '-y', '50', '-s', SESSION, '-c', cwd, ...argv);
  place.defer(() => endServer(tmux));
  const screen = (): Promise<string> => tmux('capture-pane', '-p', '-t', SESSION);
  await until(async () => (await screen()).includes('❯'), 'the CLI shows its composer', place.signal);

  let turns = 0;
  async function paste(prompt: string): Promise<void> {
    stopped = Promise.withResolvers();
    const buffer = `turn-${(turns += 1)}`;
    await tmux('set-buffer', '-b', buffer, prompt, ';', 'paste-buffer', '-p', '-r', '-d', '-b', buffer, '-t', SESSION);
  }
  /** The CLI loses an Enter now and then. */
  async function submit(): Promise<string> {
    do {
      place.signal.throwIfAborted();
      await tmux('send-keys', '-t', SESSION, 'Enter');
    } while (!(await settlesWithin(stopped.promise, ENTER_AGAIN_MS, place.signal)));
    return stopped.promise;
  }

  await paste('Good morning.');
  await until(async () => (await screen()).includes('Good morning.'), 'the first prompt is shown', place.signal);
  await submit();

  return {
    async turn(prompt) {
      await paste(prompt);
      return submit();
    },
  };
}

async function listenForStops(place: Place, tell: (text: string) => void): Promise<number> {
  const server = createServer((request, response) => {
    void json(request).then((payload) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      const { hook_event_name: event, last_assistant_message: text } = payload as Readonly<Record<string, unknown>>;
      if (event === 'Stop') tell(String(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  place.defer(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** Claude Code writes into its home until it is gone. */
async function endServer(tmux: (...args: readonly string[]) => Promise<string>): Promise<void> {
  const pid = Number(await tmux('display-message', '-p', '-t', SESSION, '#{pane_pid}'));
  await tmux('kill-server');
  await until(() => !existsSync(`/proc/${pid}`), 'the CLI ends', new AbortController().signal);
}
