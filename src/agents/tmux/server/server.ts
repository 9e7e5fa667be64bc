import { mustTmux, type AskTmux } from './command.ts';
import { END_CHANNEL } from '../ends.ts';

/** Starts the server when none runs; its environment is what sessions inherit. */
export async function ensureServer(tmux: AskTmux): Promise<void> {
  const settings = [
    ['set-option', '-s', 'exit-empty', 'off'],
    ['set-option', '-s', 'escape-time', '0'],
    ['set-option', '-g', 'remain-on-exit', 'on'],
    ['set-option', '-g', 'history-limit', '20000'],
    ['set-hook', '-g', 'session-closed', `run-shell -b 'tmux wait-for -S ${END_CHANNEL}'`],
  ];
  await mustTmux(tmux, ['start-server', ...settings.flatMap((words) => [';', ...words])]);
}

/** Ends the server, whose sessions are gone already. */
export async function endServer(tmux: AskTmux): Promise<void> {
  await tmux(['kill-server']);
}
