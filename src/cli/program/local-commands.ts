import { Option } from 'commander';
import { HOOK_EVENTS } from '../../core/model/hooks/contexts.ts';
import type { DoctorOptions } from '../doctor/doctor.ts';
import type { DemoOptions } from '../demo/demo.ts';
import type { HooksOptions } from '../hooks/try-hook.ts';
import type { MigrateOptions } from '../migrate.ts';
import type { ServeOptions } from '../serve.ts';
import type { Adding } from './adding.ts';
import { parsePort } from './values.ts';

/** Of this machine: its settings, its gateway. Each is loaded when it is called, for they bring the whole gateway. */
export function addLocalCommands({ program, terminal, ended }: Adding): void {
  program.commandsGroup('This machine:');
  program
    .command('serve')
    .description('run the gateway with the settings of the environment and of .env')
    .option('--port <port>', 'of the HTTP API for this run, instead of HTTP_API_PORT; 0: any free one', parsePort)
    .action(async (options: ServeOptions) => ended(await (await import('../serve.ts')).serve(options, terminal)));
  program
    .command('down')
    .description('stop the gateway of this data folder, and its agents with their tmux server')
    .action(async () => ended(await (await import('../down.ts')).down(terminal)));
  program
    .command('doctor')
    .description('say what is wrong here, and the one thing to do for each')
    .option('--turn', 'also run a turn on the running gateway, in the workspace doctor')
    .option('--json', 'print the findings for programs')
    .action(async (options: DoctorOptions) =>
      ended(await (await import('../doctor/doctor.ts')).doctor(options, terminal)),
    );
  program
    .command('backup')
    .description('copy the database and the conversations into a file, while the gateway runs')
    .argument('<file>', 'to write; it must not be there yet')
    .action(async (file: string) => ended(await (await import('../backup.ts')).writeBackup(file, terminal)));
  program
    .command('restore')
    .description('check a backup, and put it in the place of what is there')
    .argument('<file>', 'that gatehouse backup has written')
    .action(async (file: string) => ended(await (await import('../backup.ts')).restoreBackup(file, terminal)));
  program
    .command('demo')
    .description('try it without an account: real Claude Code, a scripted model')
    .option('--once', 'end after the first answer')
    .action(async (options: DemoOptions) => ended(await (await import('../demo/demo.ts')).demo(options, terminal)));
  program
    .command('migrate')
    .description('move the database of this data folder into an empty Postgres, and count what came')
    .addOption(new Option('--from <database>', 'what it is now').choices(['sqlite']).makeOptionMandatory())
    .option('--to <url>', 'postgres://…, instead of DATABASE_URL')
    .action(async (options: MigrateOptions) => ended(await (await import('../migrate.ts')).migrate(options, terminal)));
  program
    .command('hooks')
    .description('hooks of HOOKS_FILE')
    .command('test')
    .description('call a hook once with a sample, and show what it saw and said')
    .argument('<ref>', 'a program, a plugin (.mjs, .ts), or the name of a hook in HOOKS_FILE')
    .addOption(new Option('--event <event>', 'instead of each of its events').choices(HOOK_EVENTS))
    .action(async (ref: string, options: HooksOptions) =>
      ended(await (await import('../hooks/try-hook.ts')).tryHooks(ref, options, terminal)),
    );
}
