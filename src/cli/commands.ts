import { createRequire } from 'node:module';
import { ConfigError } from '../config/config.ts';
import { parseArguments } from './arguments.ts';
import { demo } from './demo/demo.ts';
import { down } from './down.ts';
import { tryHooks } from './hooks/try-hook.ts';
import { keys } from './keys/keys.ts';
import { run } from './run.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import type { Terminal } from './terminal.ts';
import { USAGE } from './usage.ts';

/** Resolves with the exit code: 0 done, 1 not done, 2 misused, 3 the request ended without completing. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    if (error instanceof ConfigError) for (const problem of error.problems) terminal.complain(problem);
    else terminal.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const command = parseArguments(argv);
  switch (command.kind) {
    case 'serve':
      return serve(command, terminal);
    case 'down':
      return down(terminal);
    case 'demo':
      return demo(command, terminal);
    case 'run':
      return run(command, terminal);
    case 'status':
      return status(command, terminal);
    case 'hooks':
      return tryHooks(command, terminal);
    case 'keys':
      return keys(command, terminal);
    case 'help':
      terminal.print(USAGE);
      return 0;
    case 'version':
      terminal.print(readVersion());
      return 0;
    case 'misuse':
      terminal.complain(`${command.problem}\n\n${USAGE}`);
      return 2;
  }
}

function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json');
  const known = manifest !== null && typeof manifest === 'object' && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}
