import { CommanderError } from 'commander';
import { ConfigError } from '../config/config.ts';
import { RefusedError } from '../client/client.ts';
import { createProgram } from './program/program.ts';
import { describeRefused } from './shown/refusals.ts';
import type { Terminal } from './terminal.ts';

/** Resolves with the exit code: 0 done, 1 not done, 2 misused, 3 the request ended without completing, 130 interrupted
 *  while a request goes on. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = createProgram(terminal, (ended) => (code = ended));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return tell(error, terminal);
  }
}

const MISUSED = 2;

function tell(error: unknown, terminal: Terminal): number {
  // It has said what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  if (error instanceof ConfigError) for (const problem of error.problems) terminal.complain(problem);
  else if (error instanceof RefusedError) terminal.complain(describeRefused(error));
  else terminal.complain(error instanceof Error ? error.message : String(error));
  return 1;
}
