import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A database that is gone or empty while there are traces of its use is not begun anew: its requests and
 *  conversations would be left behind. `agents`: the folder with one folder for each workspace.
 *  @throws Error that says what was found. */
export async function refuseLostDatabase(file: string, agents: string): Promise<void> {
  const size = await sizeOf(file);
  if (size !== null && size > 0) return;
  const journal = `${file}-wal`;
  const launched = await countLaunched(agents);
  const found = [
    ...(((await sizeOf(journal)) ?? 0) > 0 ? [`its journal ${journal}`] : []),
    ...(launched > 0 ? [`the conversations of ${launched} workspaces in ${agents}`] : []),
  ];
  if (found.length === 0) return;
  throw new Error(
    `DATA_DIR: ${file} is ${size === null ? 'missing' : 'empty'}, but there is ${found.join(' and ')}: ` +
      'restore the database from a backup, or move all of DATA_DIR away to begin anew',
  );
}

/** An empty Postgres beside a data folder that was used is not begun either.
 *  @throws Error that says what was found, and the way over */
export async function refuseLeftBehind(file: string, agents: string): Promise<void> {
  const isThere = ((await sizeOf(file)) ?? 0) > 0;
  const launched = await countLaunched(agents);
  if (!isThere && launched === 0) return;
  const found = isThere ? `${file} is there` : `there are the conversations of ${launched} workspaces in ${agents}`;
  throw new Error(
    `DATABASE_URL: the database is empty, but ${found}: ` +
      (isThere
        ? 'move it over with: gatehouse migrate --from sqlite --to "$DATABASE_URL", or move all of DATA_DIR away to begin anew'
        : 'restore the database from a backup, or move all of DATA_DIR away to begin anew'),
  );
}

function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}

async function countLaunched(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => sizeOf(path.join(folder, name, 'launch.json'))));
  return sizes.filter((size) => size !== null).length;
}
