const ENDINGS = ['.md', '.json'] as const;
/** What the gateway itself writes, so that no answer is ever taken for a task. */
const OWN_ENDINGS = ['.response.md', '.error.md'] as const;

export const TAKEN = 'taken';
export const REJECTED = 'rejected';

/** Other names are left alone: writers use them for what is not complete. */
export function isTaskName(name: string): boolean {
  return !isHidden(name) && toEnding(name) !== '' && !OWN_ENDINGS.some((ending) => name.endsWith(ending));
}

/** As Syncthing, Dropbox, Nextcloud and ownCloud name the loser of two writers. */
export function isConflictCopy(name: string): boolean {
  return /\.sync-conflict-\d{8}-\d{6}(?:-[A-Z0-9]+)?\.|\((?:[^()]* )?conflicted copy(?: [^()]*)?\)(?: \d+)?\.|_conflict-\d{8}-\d{6}\./i.test(
    name,
  );
}

export function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** `.md`, `.json`, or '' for what is neither. */
export function toEnding(name: string): string {
  return ENDINGS.find((ending) => name.endsWith(ending)) ?? '';
}

/** Of a name, in bytes: what is put behind it fits into the 255 that file systems allow. */
const STEM_MAX_BYTES = 150;

/** The name without its ending, and no longer than other names can be made of it. */
export function toStem(name: string): string {
  return shorten(name.slice(0, name.length - toEnding(name).length));
}

/** No longer than other names can be made of it. */
export function shorten(name: string): string {
  let [bytes, end] = [0, 0];
  for (const char of name) {
    bytes += Buffer.byteLength(char);
    if (bytes > STEM_MAX_BYTES) break;
    end += char.length;
  }
  return name.slice(0, end);
}
