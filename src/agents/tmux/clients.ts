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

/** A key in the second of the attaching cannot be told from it: for so long it is taken for one. */
const ATTACHING_MS = 2_000;

/** Epoch milliseconds of the last key of anybody who could type; null without one. The session's own activity is that
 *  of all clients: where no attached one explains it, somebody pressed a key and left. */
export function toLastKeyAt(clients: readonly Client[], session: Times, now: number): number | null {
  const pressed = clients.filter(
    ({ readOnly, created, activity }) =>
      !readOnly && (activity > created || now - created * 1_000 < ATTACHING_MS + 1_000),
  );
  // A second may pass between the two notes of one attaching.
  const explained = Math.max(session.created, ...clients.map(({ activity }) => activity)) + 1;
  const left = session.activity > explained ? [session.activity] : [];
  return toLast([...pressed.map(({ activity }) => activity), ...left]);
}

function toLast(seconds: readonly number[]): number | null {
  return seconds.length === 0 ? null : Math.max(...seconds) * 1_000;
}
