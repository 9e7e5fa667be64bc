// Instants of keys come from tmux, in whole seconds of the machine's clock, which may have been set back since: what lies
// ahead of it is from before that.

/** Whether a person pressed a key since then (epoch milliseconds), which is noted to the second. */
export function isSince(keyAt: number | null, since: number, now = Date.now()): boolean {
  if (keyAt === null) return false;
  const [isKeyOld, isSinceOld] = [keyAt > now, since > now];
  return isKeyOld === isSinceOld ? keyAt >= Math.floor(since / 1_000) * 1_000 : isSinceOld;
}

/** The one that was pressed later. */
export function laterKey(one: number | null, other: number | null, now = Date.now()): number | null {
  if (one === null || other === null) return one ?? other;
  if (one > now !== other > now) return Math.min(one, other);
  return Math.max(one, other);
}

/** How long ago the last key of who is attached now was pressed. */
export type KeyAge = (lastTypedAt: number | null) => number | null;

/** As time passes, whatever becomes of the clock. A key that lies ahead may have been pressed just now. */
export function createKeyAge(now = Date.now, elapsed = (): number => performance.now()): KeyAge {
  let last: { readonly typedAt: number; readonly pressed: number } | null = null;
  return (typedAt) => {
    if (typedAt === null) return null;
    if (last?.typedAt !== typedAt) last = { typedAt, pressed: elapsed() - Math.max(0, now() - typedAt) };
    return elapsed() - last.pressed;
  };
}
