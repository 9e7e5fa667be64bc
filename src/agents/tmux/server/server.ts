import { beside, mustTmux, quote, type AskTmux } from './command.ts';
import { END_CHANNEL } from '../ends.ts';

/** Starts the server when none runs; its environment is what sessions inherit. */
export async function ensureServer(tmux: AskTmux): Promise<void> {
  const settings = [
    ['set-option', '-s', 'exit-empty', 'off'],
    ['set-option', '-s', 'escape-time', '0'],
    ['set-option', '-g', 'remain-on-exit', 'on'],
    ['set-option', '-g', 'history-limit', '20000'],
    ['set-hook', '-g', 'session-closed', beside(`tmux wait-for -S ${END_CHANNEL}`).map(quote).join(' ')],
    ...toKeys(),
  ];
  await mustTmux(tmux, ['start-server', ...settings.flatMap((words) => [';', ...words])]);
}

/** Whoever types at a session may leave it, and give `Ctrl-b` to its agent. All other keys of tmux would begin programs
 *  there, end it, or lead into the sessions of others. */
function toKeys(): readonly (readonly string[])[] {
  const forgotten = KEY_TABLES.flatMap((table) => [
    // A table is there as soon as it has a key, and none is forgotten that is not there.
    ['bind-key', '-T', table, 'F12', 'detach-client'],
    ['unbind-key', '-a', '-T', table],
  ]);
  return [
    ...forgotten,
    ['bind-key', '-T', 'prefix', 'd', 'detach-client'],
    ['bind-key', '-T', 'prefix', 'C-b', 'send-prefix'],
  ];
}

const KEY_TABLES = ['prefix', 'root', 'copy-mode', 'copy-mode-vi'];

/** Ends the server, whose sessions are gone already. */
export async function endServer(tmux: AskTmux): Promise<void> {
  await tmux(['kill-server']);
}
