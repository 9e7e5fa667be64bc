import { test } from '@jest/globals';
import fc from 'fast-check';
import type { TurnEnd } from '../../../../../../src/core/ports/agent.ts';
import { answer } from '../../../../../helpers/fake-driver.ts';
import { until } from '../../../../../helpers/until.ts';
import { openHouse, type House } from '../../house.ts';

const PLACES = 2;
const WORKSPACES = ['a', 'b', 'c', 'd', 'e'];

type Step =
  | { readonly kind: 'submit' | 'finish' | 'crash' | 'attach' | 'leave' | 'create' | 'delete'; readonly at: string }
  | { readonly kind: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('submit' as const), at: fc.constantFrom(...WORKSPACES) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('finish' as const), at: fc.constantFrom(...WORKSPACES) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'crash' as const,
        'attach' as const,
        'leave' as const,
        'create' as const,
        'delete' as const,
      ),
      at: fc.constantFrom(...WORKSPACES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 2_000, 10_000, 60_000) }),
  },
);

/** So that others act meanwhile. */
async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What happens to the agents, and what may never happen to them. */
interface World {
  readonly house: House;
  readonly broken: readonly string[];
  take(step: Step): Promise<void>;
  /** Everybody goes, and every turn ends at once from now on. */
  calm(): void;
}

async function openWorld(): Promise<World> {
  const turns = new Map<string, (end: TurnEnd['kind']) => void>();
  const attended = new Set<string>();
  const broken: string[] = [];
  let isCalm = false;
  const house = await openHouse({
    settings: { maxLiveSessions: PLACES, maxRunningTurns: 3, sessionIdleMs: 60_000, turnTimeoutMs: 86_400_000 },
    async runTurn(prompt, observer, signal) {
      const [workspace = ''] = prompt.split(' ');
      const over = Promise.withResolvers<TurnEnd['kind']>();
      turns.set(workspace, over.resolve);
      signal.addEventListener('abort', () => over.resolve('interrupted'), { once: true });
      const kind = isCalm ? 'completed' : await over.promise;
      turns.delete(workspace);
      if (kind === 'completed') return answer(prompt, observer);
      if (kind === 'interrupted') return { kind, text: null };
      return { kind: 'failed', reason: 'agent_exited', error: 'It was killed.', text: null };
    },
    open: aWhile,
    async sleep(workspace) {
      await aWhile();
      if (turns.has(workspace)) broken.push(`${workspace} was asked to sleep in a turn`);
      return !attended.has(workspace);
    },
  });
  await house.start();
  let asked = 0;

  async function take(next: Step): Promise<void> {
    switch (next.kind) {
      case 'submit':
        await house.ask(next.at, `${next.at} ${(asked += 1)}`);
        break;
      case 'finish':
        turns.get(next.at)?.('completed');
        break;
      case 'crash':
        house.driver.sessions.findLast(({ workspace }) => workspace === next.at)?.exit();
        turns.get(next.at)?.('failed');
        break;
      case 'attach':
        attended.add(next.at);
        break;
      case 'leave':
        attended.delete(next.at);
        break;
      case 'create':
        await house.api.sessions.create(next.at, undefined);
        break;
      case 'delete':
        await house.api.sessions.delete(next.at, true).catch(() => {}); // it may be unknown
        break;
      case 'wait':
        house.clock.advance(next.ms);
        break;
    }
  }

  return {
    house,
    broken,
    take,
    calm() {
      isCalm = true;
      attended.clear();
      for (const end of turns.values()) end('completed');
    },
  };
}

test('whatever happens, the places are kept, every request ends, and no lease is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), fc.boolean(), async (steps, isHasty) => {
      const world = await openWorld();
      await using house = world.house;
      for (const next of steps) {
        await world.take(next);
        if (!isHasty) await aWhile();
      }
      world.calm();
      await until(async () => {
        house.clock.advance(2_000);
        return (await house.store.listUnended()).length === 0;
      });
      // A lease that was not given back would keep its session from sleeping.
      await until(async () => {
        house.clock.advance(60_000);
        return (await house.driver.listLive()).length === 0;
      });
      if (house.driver.most > PLACES) throw new Error(`${house.driver.most} agents at once`);
      if (world.broken.length > 0) throw new Error(world.broken.join(', '));
    }),
    { numRuns: 60 },
  );
});
