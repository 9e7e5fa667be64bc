import path from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { refuseLeftBehind, refuseLostDatabase } from './lost-database.ts';

export interface DatabaseParts {
  readonly config: Pick<Config, 'postgres'>;
  readonly dataDir: string;
  /** With one folder for each workspace. */
  readonly agents: string;
  readonly log: Log;
  /** Called with the duration of each transaction. */
  readonly onCommit: (ms: number) => void;
}

/** Postgres where it is configured, otherwise SQLite in the data folder.
 *  @throws Error that says what keeps it from being opened, or what would be left behind */
export async function openDatabase({ config, dataDir, agents, log, onCommit }: DatabaseParts): Promise<Store> {
  const file = toDatabaseFile(dataDir);
  if (config.postgres === null) {
    await refuseLostDatabase(file, agents);
    return openSqliteStore({ file, log, onCommit });
  }
  // Loaded only where it is asked for.
  const { openPostgresStore } = await import('../../store/postgres/open.ts');
  return openPostgresStore({ ...config.postgres, log, onCommit, mayBegin: () => refuseLeftBehind(file, agents) });
}

export function toDatabaseFile(dataDir: string): string {
  return path.join(dataDir, 'gatehouse.db');
}
