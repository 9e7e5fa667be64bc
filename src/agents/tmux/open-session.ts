import { mustTmux, quote, type AskTmux } from './server/command.ts';
import { END_CHANNEL } from './ends.ts';
import { PANE_MARK } from './own-panes.ts';
import { COLUMNS, ROWS } from './panes.ts';

export interface NewPane {
  readonly session: string;
  readonly cwd: string;
  /** Added to the environment of this session alone. */
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

/** Starts a session with this program in a pane that is marked as its own. */
export async function openSession(tmux: AskTmux, { session, cwd, env, argv }: NewPane): Promise<void> {
  const command = [
    'new-session',
    '-d',
    '-x',
    COLUMNS,
    '-y',
    ROWS,
    '-s',
    session,
    '-c',
    cwd,
    ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    'sh',
    '-c',
    SIGNAL_END,
    'sh',
    END_CHANNEL,
    ...argv,
  ];
  // In the same step, so that it is the pane of the program.
  const mark = ['set-option', '-p', '-t', `=${session}:`, PANE_MARK, '1'];
  // On standard input: an argument would show the credentials in the process list.
  await mustTmux(tmux, ['source-file', '-'], `${command.map(quote).join(' ')}\n${mark.map(quote).join(' ')}\n`);
}

/** Runs the program without a word of the tmux around it, then notes its exit code and wakes those who wait for its end.
 *  tmux 3.3a itself does not always hear of an end: its `pane-died` hook was not run for about one in four killed
 *  programs, and the code was missing. */
const SIGNAL_END =
  'channel=$1; shift; (unset TMUX TMUX_PANE TERM_PROGRAM TERM_PROGRAM_VERSION; exec "$@"); status=$?; tmux set-option -p -t "$TMUX_PANE" @gatehouse_exit $status \\; wait-for -S "$channel"; exit $status';
