import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import type { Clock } from '../core/ports/clock.ts';
import { hasCode } from '../lib/error-code.ts';
import type { FileIdentity } from './durable.ts';
import { isHidden, isTaskName, REJECTED, TAKEN } from './names.ts';

/** Something that stands in the folder and wants to be looked at. */
export interface Arrival extends FileIdentity {
  readonly name: string;
  /** `nameless`: its name is not UTF-8; what stands for it here has marks in the place of what is not. */
  readonly kind: 'file' | 'folder' | 'symlink' | 'special' | 'nameless';
  /** Changes with every write, and with every other file of this name. */
  readonly fingerprint: string;
  /** Has not changed for so long that its writer is taken to be done. */
  readonly isSettled: boolean;
}

export interface Arrivals {
  /** In the order of arrival. */
  list(): Promise<readonly Arrival[]>;
}

/** Stillness is what this process itself has seen, so no clock of another machine counts. */
export function createArrivals(folder: string, clock: Clock, settleMs: number): Arrivals {
  let seen = new Map<string, { readonly fingerprint: string; readonly since: number }>();

  return {
    async list() {
      const entries = await readdir(folder, { encoding: 'buffer' });
      const stats = await Promise.all(entries.map(async (entry) => ({ entry, stat: await look(folder, entry) })));
      const now = clock.now();
      const before = seen;
      seen = new Map();
      const found: { readonly arrival: Arrival; readonly at: bigint }[] = [];
      for (const { entry, stat } of stats) {
        const name = entry.toString();
        const key = entry.toString('latin1');
        if (stat === null || !isWanted(name, stat)) continue;
        // Without its number, which does not stay on every file system. What takes its place has another ctime.
        const fingerprint = `${key}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
        const known = before.get(key);
        // A clock that was put back would let it wait until then.
        const since = known?.fingerprint === fingerprint ? Math.min(known.since, now) : now;
        seen.set(key, { fingerprint, since });
        const arrival = {
          name,
          kind: isUtf8(entry) ? toKind(stat) : 'nameless',
          dev: stat.dev,
          ino: stat.ino,
          size: stat.size,
          mtimeNs: stat.mtimeNs,
          fingerprint,
          isSettled: now - since >= settleMs,
        };
        found.push({ arrival, at: stat.ctimeNs });
      }
      return found.toSorted(byArrival).map(({ arrival }) => arrival);
    },
  };
}

/** By the last change of the inode: no writer can set it, and a rename into the folder is one. */
function byArrival(
  a: { readonly arrival: Arrival; readonly at: bigint },
  b: { readonly arrival: Arrival; readonly at: bigint },
): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.arrival.name < b.arrival.name ? -1 : 1;
}

function isWanted(name: string, stat: BigIntStats): boolean {
  if (stat.isDirectory()) return !isHidden(name) && name !== TAKEN && name !== REJECTED;
  return isTaskName(name);
}

function toKind(stat: BigIntStats): Arrival['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'symlink' : 'special';
}

async function look(folder: string, entry: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(Buffer.concat([Buffer.from(`${folder}/`), entry]), { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
