import { startGateway, type Gateway } from './gateway.ts';
import { startModel } from './model.ts';
import type { Place } from './place.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';

const CALLERS = 100;
const AGENTS = 5;
const ROUNDS = 10;
/** Longer than a look at the agents is shared. */
const REST_MS = 1_100;
const SLOWEST_MAX_MS = 200;

const PATHS = ['/health', '/sessions', '/status', '/livez'] as const;

/** A hundred callers ask at once, each for the first time in a while, and while agents live. */
export async function measureCrowd(place: Place): Promise<readonly Row[]> {
  const model = await startModel();
  place.defer(() => model.close());
  const gateway = await startGateway(place, 'crowd', { ANTHROPIC_BASE_URL: model.url });
  await wakeAgents(gateway);
  const slowest = new Map<string, number[]>(PATHS.map((path) => [path, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const path of PATHS) {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      place.signal.throwIfAborted();
      const ms = await askAtOnce(gateway, path);
      // The first round opens the connections.
      if (round > 0) slowest.get(path)?.push(ms);
    }
  }
  await gateway.end();
  const of = (path: string): number => quantile(slowest.get(path) ?? [], 0.5);
  return PATHS.filter((path) => path !== '/livez').map((path) => ({
    name: `the slowest of ${CALLERS} GET ${path} at once, ${AGENTS} live agents`,
    value: of(path),
    unit: 'ms',
    beside: [{ name: 'GET /livez', value: of('/livez'), unit: 'ms' }],
    aims: [{ kind: 'value', bound: 'at most', limit: SLOWEST_MAX_MS }],
  }));
}

async function wakeAgents({ call }: Gateway): Promise<void> {
  for (let agent = 1; agent <= AGENTS; agent += 1) {
    const body = { workspace: agent === 1 ? 'bot' : `crowd-${agent}`, command: 'Which task is the oldest?' };
    const { body: ended } = await call('POST', '/execute', body, { prefer: 'wait=60' });
    const { state } = ended as { readonly state?: string };
    if (state !== 'completed') throw new Error(`not completed: ${JSON.stringify(ended)}`);
  }
}

async function askAtOnce({ call }: Gateway, path: string): Promise<number> {
  const startedAt = performance.now();
  const answers = await Promise.all(Array.from({ length: CALLERS }, () => call('GET', path)));
  const ms = performance.now() - startedAt;
  const refused = answers.filter(({ status }) => status !== 200);
  if (refused.length > 0) throw new Error(`${path}: ${refused.length} refused: ${JSON.stringify(refused[0])}`);
  return ms;
}
