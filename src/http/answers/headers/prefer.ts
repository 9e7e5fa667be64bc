const WAIT_MAX_SECONDS = 60;

/** Seconds that `Prefer: wait=N` (RFC 7240) asks for, at most 60; null when it does not ask, or not in a form that we know.
 *  A preference is never an error. */
export function parseWait(prefer: string | undefined): number | null {
  for (const preference of (prefer ?? '').split(',')) {
    const match = /^\s*wait\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;.*)?$/i.exec(preference);
    // The first one counts, where a preference is repeated.
    if (match !== null) return Math.min(WAIT_MAX_SECONDS, Number(match[1] ?? match[2]));
  }
  return null;
}
