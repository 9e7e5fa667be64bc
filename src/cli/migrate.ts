import { moveDatabase } from '../compose/database/move-database.ts';
import { readConfig } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import { openFolder } from '../lib/files/open-folder.ts';
import type { Terminal } from './terminal.ts';

export interface MigrateOptions {
  /** The one database that is moved. */
  readonly from: 'sqlite';
  /** Otherwise to DATABASE_URL. */
  readonly to?: string;
}

/** Moves the database of the settings' DATA_DIR from SQLite into Postgres. */
export async function migrate({ to }: MigrateOptions, terminal: Terminal): Promise<number> {
  const { dirs, postgres } = readConfig(withDotEnv(terminal.env, terminal.folder));
  const url = to ?? postgres?.url;
  if (url === undefined) throw new Error('say where to: --to postgres://…, or DATABASE_URL');
  const { rows, left } = await moveDatabase(await openFolder('DATA_DIR', dirs.data, 0o700), url);
  for (const [table, count] of Object.entries(rows)) terminal.print(`${table}: ${count}`);
  terminal.print(`moved and counted; the file is now ${left}`);
  if (postgres?.url !== url) terminal.print('from now on start the gateway with this address in DATABASE_URL');
  return 0;
}
