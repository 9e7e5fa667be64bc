import { randomUUID } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { readHookEnvironment } from '../../config/hook-environment.ts';
import { type Hooks, NO_HOOKS } from '../../core/ports/hooks/hooks.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Transport } from '../../core/ports/transport.ts';
import { HooksFileError, readHooksFile } from '../../hooks/file/read-hooks.ts';
import { createHooks } from '../../hooks/hooks.ts';
import { createHostClient } from '../../hooks/host/client.ts';
import type { Runner } from '../../hooks/run/order.ts';
import { createRunner } from '../../hooks/run/runner.ts';

export interface OpenHooks {
  readonly hooks: Hooks;
  /** Null: there is no HOOKS_FILE, and what is owed to hooks waits for one. */
  readonly transport: Transport | null;
  /** Reads HOOKS_FILE again; a wrong one is refused and told of, and what was read before stays. Never rejects. */
  reload(): Promise<void>;
}

export interface HooksPlace {
  readonly config: Pick<Config, 'hooks'>;
  readonly store: Pick<Store, 'setHooks'>;
  readonly log: Log;
  /** Gets the closer. */
  readonly opened: AsyncDisposableStack;
}

/** @throws HooksFileError */
export async function openHooks({ config, store, log, opened }: HooksPlace): Promise<OpenHooks> {
  const { file } = config.hooks;
  if (file === null) {
    await store.setHooks([]);
    return { hooks: NO_HOOKS, transport: null, reload: async () => {} };
  }
  const runner = openRunner(config.hooks);
  opened.defer(() => runner.close());
  const hooks = createHooks(runner);

  async function load(path: string): Promise<void> {
    const entries = await readHooksFile(path);
    await store.setHooks(entries);
    hooks.replace(entries, randomUUID());
    log.info({ file: path, hooks: entries.map(({ name }) => name) }, 'hooks.loaded');
  }

  async function loadAgain(path: string): Promise<void> {
    await load(path).catch((error: unknown) => {
      const problems = error instanceof HooksFileError ? error.problems : [String(error)];
      log.error({ file: path, problems }, 'hooks.refused');
    });
  }

  await load(file);
  // One after the other: what was read last stays, in the store and here.
  let loading = Promise.resolve();
  return {
    hooks,
    transport: hooks.transport,
    reload: () => (loading = loading.then(() => loadAgain(file))),
  };
}

export function openRunner({ socket }: Config['hooks']): Runner {
  return socket === null ? createRunner(readHookEnvironment()) : createHostClient(socket);
}
