import { connect } from './connections/connect.ts';
import { mustBeSafe } from './connections/safety.ts';
import { readVersion } from './migrate.ts';
import { toOpeningError } from './storage-error.ts';

/** Why no gateway could start on it; null: one could, or does. Nothing is changed by looking. */
export async function inspectServer(url: string): Promise<string | null> {
  try {
    const client = await connect(url, () => {});
    try {
      await mustBeSafe(client);
      await readVersion(client);
      return null;
    } finally {
      await client.end();
    }
  } catch (error) {
    const told = toOpeningError(error, url);
    return told instanceof Error ? told.message : String(told);
  }
}
