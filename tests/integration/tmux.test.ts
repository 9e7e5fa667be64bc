import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readState } from '../../src/agents/processes/process-mark.ts';
import { createAskTmux } from '../../src/agents/tmux/server/ask.ts';
import { beside } from '../../src/agents/tmux/server/command.ts';
import type { Tmux } from '../../src/agents/tmux/tmux.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { toolEnvironment } from '../helpers/claude-program.ts';
import { attachPerson } from '../helpers/person.ts';
import { isRunning } from '../helpers/process-tree.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { createOwnTmux, newTmuxSocket } from '../helpers/own-tmux.ts';

const S = 'claude-one';

/** Less than the time after which a pane is looked at again: only a signal is as fast. */
const AT_ONCE_MS = 4_000;

describe('one private tmux server', () => {
  let tmux: Tmux;

  beforeEach(async () => {
    tmux = createOwnTmux(newTmuxSocket(), toolEnvironment('/tmp'));
    await tmux.ensureServer();
  });
  afterEach(() => tmux.killServer());

  const open = (argv: readonly string[], env: Record<string, string> = {}, session = S): Promise<void> =>
    tmux.open({ session, cwd: '/tmp', env, argv });
  const ended = (session = S): Promise<void> => tmux.ended(session, AbortSignal.timeout(AT_ONCE_MS));
  const shows = (text: string, session = S): Promise<true> =>
    until(async () => (await tmux.capture(session))?.includes(text) === true);
  /** What a person does beside the gateway. */
  const person = async (...args: readonly string[]): Promise<string> =>
    (await runProgram('tmux', ['-S', tmux.socket, ...args])).stdout;

  test('keys and texts go into the session’s own pane, although another window is active', async () => {
    await open(['cat']);
    await person('new-window', '-t', `=${S}:`, 'cat');
    await person('split-window', '-t', `=${S}:`, 'cat');
    expect(await tmux.paste(S, 'for the agent')).toBe('sent');
    expect(await tmux.keys(S, 'Enter')).toBe('sent');
    await shows('for the agent\nfor the agent\n');
    expect((await tmux.look(S))?.screen).toContain('for the agent');
    expect(await person('capture-pane', '-p', '-t', `=${S}:`)).not.toContain('for the agent');
  });

  describe('P2: what a program has started', () => {
    /** Runs on without a parent, in a session of its own, and hears no word of an end. */
    const STUBBORN = 'trap "" TERM HUP INT; echo $$ > "$1"; while :; do sleep 0.2; done';
    const START = 'setsid sh -c "$0" stubborn "$1" & setsid sleep 1000 & sleep 0.1; exec cat';

    test.each(['lives', 'has ended'])('is gone with a program that %s, also what ignores every word', async (state) => {
      using folder = createTempFolder();
      const file = join(folder.path, 'pid');
      await open([
        'sh',
        '-c',
        `(sh -c '${START}' "$0" "$1" & ); ${state === 'lives' ? 'exec cat' : 'sleep 1'}`,
        STUBBORN,
        file,
      ]);
      await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
      const pid = Number(readFileSync(file, 'utf8'));
      if (state !== 'lives') await ended();
      expect(await readState(pid)).toBe('runs');
      await tmux.kill(S);
      expect(await readState(pid)).toBe('ended');
    });

    test('of another session stays', async () => {
      await open(['cat']);
      await open(['cat'], {}, 'claude-two');
      await tmux.kill(S);
      expect((await tmux.pane('claude-two'))?.dead).toBe(false);
    });
  });

  test('another process over the same server finds the own pane, too', async () => {
    await open(['cat']);
    await person('new-window', '-t', `=${S}:`, 'cat');
    const later = createOwnTmux(tmux.socket, toolEnvironment('/tmp'));
    expect(await later.paste(S, 'from a later one')).toBe('sent');
    await shows('from a later one');
    expect((await later.pane(S))?.pid).toBe((await tmux.pane(S))?.pid);
  });

  test('a pane that a person scrolls in takes a text all the same', async () => {
    await open(['cat']);
    await person('copy-mode', '-t', `=${S}:`);
    expect(await tmux.paste(S, 'hello')).toBe('sent');
    await shows('hello');
    expect(await person('display-message', '-p', '-t', `=${S}:`, '#{pane_in_mode}')).toBe('0\n');
  });

  test('nothing is pasted into a dead pane, which would end the server', async () => {
    await open(['true']);
    await ended();
    expect(await tmux.paste(S, 'hello')).toBe('dead');
    expect(await tmux.keys(S, 'Enter')).toBe('dead');
    expect(await tmux.list()).toEqual([S]);
    expect(await person('list-buffers')).toBe('');
  });

  test('nothing is sent to a session that is not there, nor to one whose name only begins so', async () => {
    await open(['cat'], {}, `${S}-more`);
    expect(await tmux.paste(S, 'hello')).toBe('gone');
    expect(await tmux.keys(S, 'Enter')).toBe('gone');
    expect(await tmux.look(S)).toBeNull();
    expect(await tmux.capture(S)).toBeNull();
    expect(await tmux.pane(S)).toBeNull();
  });

  test('nothing is sent to a pane that took the place of a killed session', async () => {
    await open(['cat']);
    await person('kill-session', '-t', `=${S}`);
    await open(['cat'], {}, 'claude-two');
    expect(await tmux.paste(S, 'hello')).toBe('gone');
    expect(await tmux.capture('claude-two')).not.toContain('hello');
  });

  test.each(['SIGTERM', 'SIGKILL'])('an end by %s is told at once', async (signal) => {
    await open(['sleep', '600']);
    const told = ended();
    const shell = (await tmux.pane(S))?.pid ?? 0;
    await until(async () => (await runProgram('pkill', [`-${signal}`, '-P', `${shell}`])).code === 0);
    await told;
    expect(await tmux.pane(S)).toMatchObject({ dead: true });
  });

  test('an end that came before anybody waited is told, with its code', async () => {
    await open(['sh', '-c', 'exit 7']);
    await ended();
    expect(await tmux.pane(S)).toMatchObject({ dead: true, exitCode: 7 });
  });

  test('the end of an earlier session of this name is none of the later one', async () => {
    await open(['true']);
    await until(async () => (await tmux.pane(S))?.dead);
    await tmux.kill(S);
    await open(['cat']);
    const stop = new AbortController();
    let isTold = false;
    const waiting = tmux.ended(S, stop.signal).then(() => (isTold = true));
    await tmux.paste(S, 'alive');
    await shows('alive');
    expect(isTold).toBe(false);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a session that is killed beside us has ended', async () => {
    await open(['cat']);
    const told = ended();
    await person('kill-session', '-t', `=${S}`);
    await told;
  });

  test('what a program said is there when it has ended, from its first line on', async () => {
    await open(['sh', '-c', 'echo first; seq 2 80; echo last']);
    await ended();
    const said = ((await tmux.capture(S, 'history')) ?? '').trimEnd().split('\n');
    expect([said[0], said.at(-1)]).toEqual(['first', 'last']);
    expect(said).toHaveLength(81);
    expect(await tmux.capture(S)).not.toContain('first');
  });

  test('a variable is that of its session alone', async () => {
    await open(['cat'], { MARK: 'a b=c' });
    await open(['cat'], { OTHER: 'x' }, 'claude-two');
    expect(await tmux.variable(S, 'MARK')).toBe('a b=c');
    expect(await tmux.variable('claude-two', 'MARK')).toBeNull();
    expect(await tmux.variable('claude-none', 'MARK')).toBeNull();
  });

  test('its argument words arrive as they are', async () => {
    const words = ["it's", '$HOME', '#{session_name}', 'a;b', '"x"', ''];
    await open(['sh', '-c', 'for word; do echo "<$word>"; done; sleep 600', 'sh', ...words]);
    await shows(`${words.map((word) => `<${word}>`).join('\n')}\n`);
  });

  test('a look has colours, and tells the last key of an attached person', async () => {
    await open(['sh', '-c', `printf '\\033[38;5;246mgrey\\033[0m\\n'; cat`]);
    await shows('grey');
    const look = await tmux.look(S);
    expect(look).toMatchObject({ dead: false, lastTypedAt: null });
    expect(look?.screen).toContain('\u001b[38;5;246mgrey');
    const person = await attachPerson(tmux.socket, 'one');
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    person.type('k');
    await person.sees('k');
    const typed = (await tmux.look(S))?.lastTypedAt ?? 0;
    expect(typed).toBeGreaterThanOrEqual(before);
    expect(typed).toBeLessThanOrEqual(Date.now());
    await person.leave();
    expect((await tmux.look(S))?.lastTypedAt).toBeNull();
  });

  test('a kill does not wait for a signal that somebody else takes', async () => {
    for (let round = 0; round < 3; round += 1) {
      await open(['cat']);
      const stop = new AbortController();
      const waiting = tmux.ended(S, stop.signal).catch(() => {});
      if (round > 0) stop.abort();
      const startedAt = performance.now();
      await tmux.kill(S);
      expect(performance.now() - startedAt).toBeLessThan(2_500);
      await waiting;
    }
  });

  test('an end is told to one who asks after it', async () => {
    await open(['true']);
    await tmux.ended(S, AbortSignal.timeout(5_000));
    await tmux.ended(S, AbortSignal.timeout(1_000));
  });

  test('what the server runs by itself shows in no pane, whatever becomes of it', async () => {
    await open(['cat']);
    await open(['cat'], {}, 'claude-other');
    const ask = createAskTmux({ socket: tmux.socket, env: toolEnvironment('/tmp') });
    for (const command of ['exit 3', 'no-such-program', 'echo loud; echo louder >&2', 'exit 0']) {
      using folder = createTempFolder();
      const file = join(folder.path, 'pid');
      await ask(beside(`echo $$ >${file}; ${command}`));
      await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
      await until(() => !isRunning(Number(readFileSync(file, 'utf8'))));
    }
    // Of what has ended the server hears a moment later, and of this after it.
    await ask(['run-shell', 'exit 0']);
    expect(await person('list-panes', '-a', '-F', '#{pane_in_mode}')).toBe('0\n0\n');
  });

  test('a session that ends under a lock shows nothing of it in the pane of another', async () => {
    await open(['cat']);
    await open(['cat'], {}, 'claude-other');
    await tmux.lock(S);
    await tmux.kill(S);
    // A lock is taken away after five seconds, by the same server's timers.
    await person('run-shell', '-d', '6', 'exit 0');
    expect(await person('list-panes', '-a', '-F', '#{pane_in_mode}')).toBe('0\n');
  });

  test('a kill ends a program that does not hear of it', async () => {
    await open(['sh', '-c', 'trap "" TERM HUP; exec sleep 600']);
    const shell = (await tmux.pane(S))?.pid ?? 0;
    const command = async (): Promise<string> => (await runProgram('ps', ['-o', 'args=', '--ppid', `${shell}`])).stdout;
    await until(async () => (await command()).startsWith('sleep'));
    const { stdout } = await runProgram('ps', ['-o', 'pid=', '--ppid', `${shell}`]);
    await tmux.kill(S);
    expect((await runProgram('ps', ['-o', 'pid=', '-p', stdout.trim()])).stdout).toBe('');
  });

  test('all sessions are surveyed at once, with their programs and people', async () => {
    await open(['cat']);
    await open(['true'], {}, 'claude-two');
    await tmux.ended('claude-two', AbortSignal.timeout(5_000));
    const person = await attachPerson(tmux.socket, 'one');
    const survey = await tmux.survey();
    const { pid } = (await tmux.pane(S)) ?? {};
    expect(survey).toMatchObject([
      { session: S, pid, dead: false, attached: 1 },
      { session: 'claude-two', dead: true, attached: 0 },
    ]);
    expect(Math.abs(Date.now() - (survey[0]?.startedAt ?? 0))).toBeLessThan(20_000);
    await person.leave();
  });

  test('a kill ends the program itself, and leaves the other sessions', async () => {
    await open(['sleep', '600']);
    await open(['cat'], {}, 'claude-two');
    const { pid = 0 } = (await tmux.pane(S)) ?? {};
    await tmux.kill(S);
    await tmux.kill('claude-none');
    expect(await tmux.list()).toEqual(['claude-two']);
    expect((await runProgram('ps', ['-o', 'pid=', '--ppid', `${pid}`])).stdout).toBe('');
  });
});
