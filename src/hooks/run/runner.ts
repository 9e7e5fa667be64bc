import { isPlugin } from '../file/entry.ts';
import type { Runner } from './order.ts';
import { createPlugins } from './plugins.ts';
import { runProgram } from './program.ts';

/** Runs hooks with the rights of this process. `seen`: what each sees of its environment. */
export function createRunner(seen: Readonly<Record<string, string>>): Runner {
  const plugins = createPlugins(seen);
  const closing = new AbortController();
  return {
    run(order, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      if (isPlugin(order.ref)) return plugins.run(order, either);
      return runProgram({ ...order, env: { ...seen, ...order.env } }, either);
    },
    warm(order) {
      if (isPlugin(order.ref)) plugins.warm(order);
    },
    async close() {
      closing.abort();
      plugins.close();
    },
  };
}
