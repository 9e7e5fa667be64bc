/** Runs what has the same name one after the other, in the order of the calls. */
export type InTurn = <T>(name: string, act: () => Promise<T>) => Promise<T>;

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();

  return async (name, act) => {
    const before = last.get(name);
    const own = (async () => {
      // Whether it went well is told to whoever asked for it.
      await before?.catch(() => {});
      return act();
    })();
    last.set(name, own);
    try {
      return await own;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}
