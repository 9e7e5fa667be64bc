/** The versions of Claude Code on which all of this driver's tests are run, oldest first. package.json pins the last one. */
export const TESTED_VERSIONS = ['2.1.197', '2.1.332'] as const;

/** `@path` alone can be kept from attaching a file. It may be older: 2.1.197 has not got it. */
export function turnsOffMentions(version: string | null): boolean {
  return isAtLeast(version, '2.1.332');
}

/** A message on a line can be told to be no command, and to name no files. Older versions pass over that word. */
export function takesTextAsText(version: string | null): boolean {
  return isAtLeast(version, '2.1.332');
}

/** Of a message on a line it is told by its uuid when its turn begins. Older versions tell it only behind that. */
export function namesMessages(version: string | null): boolean {
  return isAtLeast(version, '2.1.332');
}

/** By name, what is to be said of a version; null when it is tested. */
export function toWarning(version: string | null): string | null {
  const tested = `tested: ${TESTED_VERSIONS.join(', ')}`;
  if (version === null) return `version_unknown: the program of Claude Code does not tell its version (${tested})`;
  return isTested(version) ? null : `version_untested: Claude Code ${version} was not tested (${tested})`;
}

export function isTested(version: string | null): boolean {
  return TESTED_VERSIONS.some((tested) => tested === version);
}

/** Of an unknown one nothing is promised. */
function isAtLeast(version: string | null, from: string): boolean {
  return version !== null && version.localeCompare(from, 'en', { numeric: true }) >= 0;
}
