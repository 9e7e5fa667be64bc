import { startGateway, type Gateway } from './gateway.ts';
import { ANSWER, startModel } from './model.ts';
import { openByHand } from './rivals/by-hand.ts';
import { prepareClaude, printAnswer } from './rivals/claude.ts';
import type { Place } from './place.ts';
import type { Row } from './row.ts';
import { median, quantile } from './statistics.ts';
import { PARTS, readParts, type Seen } from './turn-parts.ts';

const WARM_UPS = 5;
const ROUNDS = 60;
/** A `claude -p` comes once in so many rounds. */
const PRINT_EVERY = 4;
const ABOVE_HAND_MAX_MS = 25;
const OF_PRINT_MAX = 0.2;

const BY_HAND = 'by hand in tmux';
const WITH_HOOKS = 'by hand, with the gateway’s agent hooks';
const PRINT = 'claude -p';
/** Those that come in a turn without tools. */
const EVENTS = ['UserPromptSubmit', 'MessageDisplay'];

interface Times {
  readonly seen: Seen[];
  readonly byHand: number[];
  readonly withHooks: number[];
  readonly printed: number[];
}

/** One turn after the other, by turns through the gateway and by hand, each in a warm session of its own. */
export async function measureTurns(place: Place): Promise<readonly Row[]> {
  const model = await startModel();
  place.defer(() => model.close());
  const claude = await prepareClaude(place, model.url);
  const hand = await openByHand(place, claude, { name: 'hand', events: [] });
  const hooked = await openByHand(place, claude, { name: 'hooked', events: EVENTS });
  const gateway = await startGateway(place, 'turns', { ANTHROPIC_BASE_URL: model.url });
  const times: Times = { seen: [], byHand: [], withHooks: [], printed: [] };
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round += 1) {
    const prompt = `Which task is the oldest? This is question ${round + WARM_UPS}.`;
    const turn = await runTurn(gateway, prompt);
    const handMs = await time(() => hand.turn(prompt));
    const hookedMs = await time(() => hooked.turn(prompt));
    if (round < 1) continue;
    times.seen.push(turn);
    times.byHand.push(handMs);
    times.withHooks.push(hookedMs);
    if (round % PRINT_EVERY === 0) times.printed.push(await time(() => printAnswer(place, claude, prompt)));
  }
  const parts = readParts(gateway.database, times.seen);
  await gateway.end();
  return [
    {
      ...toRow(times, 'p50', 0.5),
      aims: [
        { kind: 'difference', bound: 'at most', limit: ABOVE_HAND_MAX_MS, of: BY_HAND },
        { kind: 'ratio', bound: 'at most', limit: OF_PRINT_MAX, of: PRINT },
      ],
    },
    toRow(times, 'p95', 0.95),
    ...PARTS.map(({ name, part }) => {
      const value = median(parts.map((of) => of[part]));
      return { name: `its part: ${name}`, value, unit: 'ms' as const, beside: [], aims: [] };
    }),
  ];
}

function toRow({ seen, byHand, withHooks, printed }: Times, name: string, part: number): Row {
  const own = seen.map(({ sentAt, textAt }) => textAt - sentAt);
  return {
    name: `a warm turn through the API, ${name}`,
    value: quantile(own, part),
    unit: 'ms',
    beside: [
      { name: BY_HAND, value: quantile(byHand, part), unit: 'ms' },
      { name: WITH_HOOKS, value: quantile(withHooks, part), unit: 'ms' },
      { name: PRINT, value: quantile(printed, part), unit: 'ms' },
    ],
    aims: [],
  };
}

async function runTurn(gateway: Gateway, command: string): Promise<Seen> {
  const sentAt = now();
  const body = { workspace: 'warm', command };
  const answer = await gateway.call('POST', '/execute', body, { prefer: 'wait=60' });
  const textAt = now();
  const { requestId, output } = answer.body as {
    readonly requestId: string;
    readonly output?: { readonly text?: string };
  };
  mustEqual(output?.text);
  return { requestId, sentAt, textAt };
}

async function time(turn: () => Promise<string>): Promise<number> {
  const startedAt = now();
  const text = await turn();
  const ms = now() - startedAt;
  mustEqual(text.trim());
  return ms;
}

function mustEqual(text: string | undefined): void {
  if (text !== ANSWER) throw new Error(`another answer than the model's: ${text}`);
}

/** Epoch milliseconds, with fractions. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
