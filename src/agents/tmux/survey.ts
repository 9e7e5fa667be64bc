import { mustTmux, type AskTmux } from './server/command.ts';
import { PANE_MARK } from './own-panes.ts';

/** A session with the program that was started in it. */
export interface Survey {
  readonly session: string;
  readonly pid: number;
  readonly dead: boolean;
  /** People at its terminal. */
  readonly attached: number;
  /** Epoch milliseconds, to the second. */
  readonly startedAt: number;
}

/** All sessions that we started, with one question. */
export async function survey(tmux: AskTmux): Promise<readonly Survey[]> {
  const format = `#{${PANE_MARK}} #{session_name} #{pane_pid} #{pane_dead} #{session_attached} #{session_created}`;
  const stdout = await mustTmux(tmux, ['list-panes', '-a', '-F', format]);
  return [...stdout.matchAll(/^1 (\S+) (\d+) ([01]) (\d+) (\d+)$/gm)].map((found) => ({
    session: found[1] ?? '',
    pid: Number(found[2]),
    dead: found[3] === '1',
    attached: Number(found[4]),
    startedAt: Number(found[5]) * 1_000,
  }));
}

/** The names of all sessions, ours or not. */
export async function listSessions(tmux: AskTmux): Promise<readonly string[]> {
  const { code, stdout, stderr } = await tmux(['list-sessions', '-F', '#{session_name}']);
  if (code !== 0) throw new Error(`tmux does not answer: ${stderr.trim()}`);
  return stdout.split('\n').filter((name) => name !== '');
}

/** A variable of this session alone; null when there is no such session or variable. */
export async function readVariable(tmux: AskTmux, session: string, name: string): Promise<string | null> {
  const { code, stdout } = await tmux(['show-environment', '-t', `=${session}`, name]);
  return code === 0 && stdout.startsWith(`${name}=`) ? stdout.slice(name.length + 1).trimEnd() : null;
}
