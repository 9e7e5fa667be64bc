/** What was rendered last: each message of a long answer is an attempt of its own, and needs all of it again. */
export interface Rendered<Made> {
  of(name: string, text: string, make: () => Made): Made;
}

/** A few answers go out at a time. */
const KEPT_MAX = 8;

export function createRendered<Made>(): Rendered<Made> {
  const kept = new Map<string, { readonly text: string; readonly made: Made }>();
  return {
    of(name, text, make) {
      const known = kept.get(name);
      const made = known?.text === text ? known.made : make();
      kept.delete(name);
      kept.set(name, { text, made });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return made;
    },
  };
}
