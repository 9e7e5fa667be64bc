import { stat } from 'node:fs/promises';
import { inspectDatabase } from '../../store/sqlite/inspect.ts';
import { toFolder } from '../agents.ts';
import { refuseLostDatabase } from '../database/lost-database.ts';
import { toDatabaseFile } from '../database/open-database.ts';
import { fault, type Finding, type Look, well } from './finding.ts';

export const lookAtDatabase: Look = ({ config: { postgres, dirs } }) =>
  postgres === null ? lookAtFile(dirs.data) : lookAtServer(postgres.url);

async function lookAtServer(url: string): Promise<readonly Finding[]> {
  // Loaded only where it is asked for.
  const { inspectServer } = await import('../../store/postgres/inspect.ts');
  const wrong = await inspectServer(url);
  if (wrong === null) return [well('database', 'is in Postgres, which answers')];
  return [fault('database', wrong, 'see to the server that DATABASE_URL names, or to the address')];
}

async function lookAtFile(dataDir: string): Promise<readonly Finding[]> {
  const file = toDatabaseFile(dataDir);
  try {
    await refuseLostDatabase(file, toFolder(dataDir));
  } catch {
    return [
      fault(
        'database',
        `${file} is missing or empty, and was in use`,
        'restore it from a backup, or move all of DATA_DIR away to begin anew',
      ),
    ];
  }
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return [well('database', 'is made at the first start')];
  const wrong = inspectDatabase(file);
  if (wrong === null) return [well('database', `${(size / 1e6).toFixed(1)} MB, whole`)];
  const remedy =
    wrong.kind === 'newer'
      ? 'start that gateway, or restore a backup from before the upgrade'
      : 'stop the gateway and restore a backup';
  return [fault('database', `${file} ${wrong.why}`, remedy)];
}
