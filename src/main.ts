import { runCommand } from './cli/commands.ts';
import { processTerminal } from './cli/terminal.ts';

// Explicit, because a connection that a client keeps open must not hold the process after its work is done.
process.exit(await runCommand(process.argv.slice(2), processTerminal(process.env)));
