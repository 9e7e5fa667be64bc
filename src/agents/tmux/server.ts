import { mustTmux, type AskTmux } from './command.ts';
import { END_CHANNEL } from './ends.ts';

/** Starts the server when none runs; its environment is what sessions inherit. */
export async function ensureServer(tmux: AskTmux): Promise<void> {
  const stay = ['set-option', '-s', 'exit-empty', 'off'];
  const noDelay = ['set-option', '-s', 'escape-time', '0'];
  await mustTmux(tmux, ['start-server', ';', ...stay, ';', ...noDelay]);
  await mustTmux(tmux, ['set-option', '-g', 'remain-on-exit', 'on', ';', 'set-option', '-g', 'history-limit', '20000']);
  await mustTmux(tmux, ['set-hook', '-g', 'session-closed', `run-shell -b 'tmux wait-for -S ${END_CHANNEL}'`]);
}

/** Ends the server, whose sessions are gone already. */
export async function endServer(tmux: AskTmux): Promise<void> {
  // tmux leaves its socket behind, and in the background its removal would not survive the server.
  const remove = ['run-shell', "rm -f '#{socket_path}'"];
  await tmux(['run-shell', '-b', NUDGE, ';', ...remove, ';', 'kill-server']);
}

/** Under load tmux 3.3a now and then does not hear that a program has ended which it runs, and a client that waits for
 *  it waits until the next one ends. So clients do not wait, or there is a next one. */
const NUDGE = 'exec sleep 1';
