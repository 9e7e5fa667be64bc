import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../lib/error-code.ts';
import type { Arrival } from './arrivals.ts';
import { exists, moveFile, publish, type FileIdentity, type Moved } from './durable.ts';
import { REJECTED, shorten, TAKEN, toEnding, toStem } from './names.ts';

export interface Refusal {
  readonly why: string;
  /** The field that is wrong; null: the file as such. */
  readonly field: string | null;
}

/** The folders beside the tasks into which they go. */
export interface Places {
  /** Behind its name stands what it became. */
  moveToTaken(name: string, requestId: string, file: FileIdentity): Promise<Moved>;
  /** Sets it aside, with an explanation beside it. A folder, and what has no name, stays where it is, and is explained
   *  once. False: nothing was done. */
  reject(arrival: Arrival, refusal: Refusal): Promise<boolean>;
}

export function createPlaces(folder: string): Places {
  /** Looked at each time: whoever drops files here could put a link in its place. */
  async function open(name: string): Promise<string> {
    const place = path.join(folder, name);
    await mkdir(place).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    if (!(await lstat(place)).isDirectory()) throw new Error(`${name} is no folder: remove it`);
    return place;
  }

  return {
    async moveToTaken(name, requestId, file) {
      const taken = await open(TAKEN);
      return moveFile(path.join(folder, name), path.join(taken, `${toStem(name)}.${requestId}${toEnding(name)}`), file);
    },

    async reject({ name, kind, ...file }, refusal) {
      const rejected = await open(REJECTED);
      if (kind === 'folder' || kind === 'nameless') {
        // Not as those of files are called, which come and go.
        const explanation = `${shorten(name)}.${kind}-error.md`;
        if (await exists(path.join(rejected, explanation))) return false;
        await publish(rejected, explanation, explain(name, refusal));
        return true;
      }
      // The explanation first: after a crash between the two, the file is still there and is rejected again.
      const stem = await findFreeStem(rejected, toStem(name));
      await publish(rejected, toExplanation(stem), explain(name, refusal));
      const target = path.join(rejected, `${stem}${toEnding(name)}`);
      const outcome = await moveFile(path.join(folder, name), target, file);
      const moved = outcome === 'moved' || outcome === 'renumbered';
      if (!moved) await rm(path.join(rejected, toExplanation(stem)));
      return moved;
    },
  };
}

/** `name`, or `name-2` and so on, where nothing was set aside yet. */
async function findFreeStem(rejected: string, stem: string): Promise<string> {
  const names = new Set(await readdir(rejected));
  const isFree = (candidate: string): boolean => !names.has(`${candidate}.md`) && !names.has(`${candidate}.json`);
  let candidate = stem;
  for (let number = 2; !isFree(candidate); number += 1) candidate = `${stem}-${number}`;
  return candidate;
}

function toExplanation(stem: string): string {
  return `${stem}.error.md`;
}

function explain(name: string, { why, field }: Refusal): string {
  const head = [
    '---',
    `file: ${JSON.stringify(name)}`,
    `field: ${field === null ? 'null' : JSON.stringify(field)}`,
    '---',
  ];
  return `${head.join('\n')}\n\n${JSON.stringify(name)} did not become a request: ${why}.\n\nMend it and drop it again.\n`;
}
