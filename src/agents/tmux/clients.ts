/** Seconds of the epoch, as tmux tells them. */
export interface Times {
  readonly created: number;
  /** Of the last key. One who only watches has that, too, though it goes nowhere; to attach counts as one. */
  readonly activity: number;
}

/** Somebody who is attached. */
export interface Client extends Times {
  readonly readOnly: boolean;
}

/** Epoch milliseconds; null without somebody who can type. */
export function toLastTypedAt(clients: readonly Client[]): number | null {
  return toLast(clients.filter(({ readOnly }) => !readOnly).map(({ activity }) => activity));
}

/** Epoch milliseconds of the last key of anybody who could type; null without one. The session's own activity is that
 *  of all clients: where no attached one explains it, somebody pressed a key and left. */
export function toLastKeyAt(clients: readonly Client[], session: Times): number | null {
  // One may seem to be from before the attaching: the clock was set back between them.
  const pressed = clients.filter(({ readOnly, created, activity }) => !readOnly && activity !== created);
  // A second may pass between the two notes of one attaching.
  const explained = Math.max(session.created, ...clients.map(({ activity }) => activity)) + 1;
  const left = session.activity > explained ? [session.activity] : [];
  return toLast([...pressed.map(({ activity }) => activity), ...left]);
}

const JUST_NOW_MS = 3_000;

/** Epoch milliseconds of the attaching of somebody who can type and has not been here for long; null without one. */
export function toAttachedAt(clients: readonly Client[], now: number): number | null {
  // One that lies ahead was before the clock was set back.
  const isFresh = (ageMs: number): boolean => ageMs >= 0 && ageMs < JUST_NOW_MS;
  const fresh = clients.filter(({ readOnly, created }) => !readOnly && isFresh(now - created * 1_000));
  return toLast(fresh.map(({ created }) => created));
}

function toLast(seconds: readonly number[]): number | null {
  return seconds.length === 0 ? null : Math.max(...seconds) * 1_000;
}
