import { answer } from '../../../../../helpers/fake-driver.ts';
import { until } from '../../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../../house.ts';

/** A house whose turns end when a test says so, and in which people keep sessions from sleeping. */
export interface Pool extends House {
  /** Turns that run, by prompt. */
  readonly running: ReadonlyMap<string, () => void>;
  /** Workspaces at which people sit. */
  readonly attended: Set<string>;
  finish(prompt: string): Promise<void>;
  live(): Promise<readonly string[]>;
}

export async function openPool(options: HouseOptions = {}): Promise<Pool> {
  const running = new Map<string, () => void>();
  const attended = new Set<string>();
  const house = await openHouse({
    async runTurn(prompt, observer) {
      if (prompt.startsWith('hold')) await new Promise<void>((resolve) => running.set(prompt, resolve));
      return answer(prompt, observer);
    },
    sleep: async (workspace) => !attended.has(workspace),
    ...options,
  });
  await house.start();
  return {
    ...house,
    running,
    attended,
    async finish(prompt) {
      (await until(() => running.get(prompt)))();
    },
    live: async () => (await house.driver.listLive()).toSorted(),
  };
}

export const types = async ({ store }: House, workspace: string): Promise<readonly string[]> =>
  (await store.listEvents(0, 1_000)).filter((event) => event.workspace === workspace).map(({ type }) => type);

/** Runs a request to its end. */
export const run = async (pool: Pool, workspace: string): Promise<void> =>
  void (await pool.ended(await pool.ask(workspace, `for ${workspace}`)));
