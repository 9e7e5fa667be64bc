import { holdTurns, startGateway, type Gateway } from '../gateway.ts';
import type { Place } from '../place.ts';
import type { Row } from '../row.ts';
import { median, quantile } from '../statistics.ts';
import { REACHING, startReceivers } from './receivers.ts';

const WARM_UPS = 50;
const ROUNDS = 500;
const ABOVE_PLAIN_MAX_MS = 2;
const ARRIVAL_MAX_MS = 20;

const PLAIN = 'without replyTo';

/** One request after the other, by turns with `replyTo` and without. Each one ends while it waits: it is cancelled, so
 *  no agent takes part. */
export async function measureReplies(place: Place): Promise<readonly Row[]> {
  const receivers = await startReceivers(place, 'receivers-of-replies', 1);
  const gateway = await startGateway(place, 'replies', { ...(await holdTurns(place)), ...REACHING });
  const replyTo = `webhook:${receivers.urls[0]}`;
  await accept(gateway, {});
  const [plain, replied, arrived]: readonly [number[], number[], number[]] = [[], [], []];
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round += 1) {
    const isPlainFirst = round % 2 === 0;
    const one = await send(gateway, isPlainFirst ? {} : { replyTo });
    const other = await send(gateway, isPlainFirst ? { replyTo } : {});
    const [without, withIt] = isPlainFirst ? [one, other] : [other, one];
    const [arrival] = await receivers.receive(1);
    if (arrival?.requestId !== withIt.id) throw new Error(`the webhook of another request: ${arrival?.requestId}`);
    if (round < 1) continue;
    plain.push(without.ms);
    replied.push(withIt.ms);
    arrived.push(arrival.at - arrival.endedAt);
  }
  await gateway.end();
  await receivers.end();
  return [
    {
      name: 'accept of a request with replyTo, p50',
      value: median(replied),
      unit: 'ms',
      beside: [{ name: PLAIN, value: median(plain), unit: 'ms' }],
      aims: [{ kind: 'difference', bound: 'at most', limit: ABOVE_PLAIN_MAX_MS, of: PLAIN }],
    },
    {
      name: 'from the end of a request to its webhook, p50',
      value: median(arrived),
      unit: 'ms',
      beside: [{ name: 'p95', value: quantile(arrived, 0.95), unit: 'ms' }],
      aims: [{ kind: 'value', bound: 'at most', limit: ARRIVAL_MAX_MS }],
    },
  ];
}

/** Accepts one and ends it; how long the accept took. */
async function send(gateway: Gateway, more: object): Promise<{ readonly id: string; readonly ms: number }> {
  const accepted = await accept(gateway, more);
  await gateway.call('POST', `/status/${accepted.id}/cancel`);
  return accepted;
}

async function accept({ call }: Gateway, more: object): Promise<{ readonly id: string; readonly ms: number }> {
  const startedAt = performance.now();
  const { status, body } = await call('POST', '/execute', { workspace: 'replies', command: 'Wait.', ...more });
  const ms = performance.now() - startedAt;
  if (status !== 202) throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`);
  return { id: (body as { readonly requestId: string }).requestId, ms };
}
