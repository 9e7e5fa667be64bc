import { AgentStartError, type SessionSpec } from '../../../core/ports/agent.ts';
import type { StreamPaths } from '../../program/files/stream-files.ts';
import { toArgv, type LaunchOptions } from '../../program/launch/launch.ts';
import { BYPASS, modeIn } from '../../program/settings/session-settings.ts';

const OWN_ARGS = [
  '-p',
  '--verbose',
  '--input-format',
  'stream-json',
  '--output-format',
  'stream-json',
  '--include-partial-messages',
  // Tells when a prompt, and an answer of ours, was taken.
  '--replay-user-messages',
  '--permission-prompt-tool',
  'stdio',
];

/** The program becomes the process that this shell is. Its input is a file that `tail` follows through a pipe: a pipe alone
 *  ends when its writer does, loses what a writer could not write whole, and proves nothing afterwards. `tail` becomes a
 *  child of the program, and ends when nobody reads the pipe. No key ends or stops what runs at the terminal: it only shows
 *  what the program says of its errors. */
const RUN = `input=$1 output=$2 pipe=$3
shift 3
stty -isig -echo
mkfifo -m 600 "$pipe" || exit
tail -n +1 -f "$input" >"$pipe" &
exec "$@" <"$pipe" >>"$output"`;

export function toCommandLine(
  options: LaunchOptions,
  settings: string,
  spec: SessionSpec,
  resume: boolean,
  { input, output, pipe }: StreamPaths,
): readonly string[] {
  return ['sh', '-c', RUN, 'sh', input, output, pipe, ...toArgv(options, settings, spec, resume), ...OWN_ARGS];
}

/** The CLI refuses it, and so do we: nothing on the machine would be safe from a prompt.
 *  @throws AgentStartError */
export function refuseUnboundRoot(
  { permissionMode, extraArgs }: LaunchOptions,
  { rules = [] }: SessionSpec,
  isRoot: boolean,
): void {
  const isUnbound =
    (modeIn(rules) ?? permissionMode) === BYPASS || extraArgs.includes('--dangerously-skip-permissions');
  if (!isRoot || !isUnbound) return;
  throw new AgentStartError(
    'agent_unavailable',
    'An agent of the user root may not skip permissions: run the agents as another user, or set another permission mode than bypassPermissions.',
  );
}
