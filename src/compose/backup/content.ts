import path from 'node:path';
import type { Config } from '../../config/config.ts';

/** @throws Error for a database that is no file of the data folder */
export function refusePostgres({ postgres }: Pick<Config, 'postgres'>): void {
  if (postgres === null) return;
  throw new Error('DATABASE_URL: the database is in Postgres: copy it with pg_dump, see docs/deployment.md');
}

/** What a backup holds, by its places in it. */
export const DATABASE = 'gatehouse.db';
export const CONVERSATIONS = 'conversations';
/** Files of DATA_DIR that are made once and kept. */
export const SECRETS = ['api-key', 'webhook-secret'] as const;

export interface Manifest {
  readonly format: 1;
  readonly gatehouse: string;
  readonly createdAt: string;
  readonly conversations: number;
}

export const MANIFEST = 'manifest.json';

/** Null: it is none that this gateway understands. */
export function parseManifest(text: string): Manifest | null {
  try {
    const { format, gatehouse, createdAt, conversations } = JSON.parse(text) as Record<string, unknown>;
    if (format !== 1 || typeof gatehouse !== 'string' || typeof createdAt !== 'string') return null;
    return { format, gatehouse, createdAt, conversations: Number(conversations) };
  } catch {
    return null;
  }
}

/** In the home of the agents, a folder for each folder in which one worked. */
export function toProjects(home: string): string {
  return path.join(home, '.claude', 'projects');
}
