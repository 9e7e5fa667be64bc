import { describe, expect, test } from '@jest/globals';
import type { EventRecord, EventType } from '../../../src/core/model/event.ts';
import type { RequestRecord } from '../../../src/core/model/request.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { OPEN_APPROVAL, usageOf } from '../../helpers/examples.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { until } from '../../helpers/until.ts';

const T0 = 1_800_000_000_000;

/** A meter that has read these events, and what it says. */
async function readAfter(events: readonly EventRecord[], request: Partial<RequestRecord> = {}): Promise<string> {
  const meter = createMetrics('1.2.3');
  const gateway = createFakeGateway();
  let hasRead = false;
  const follow = async () =>
    (async function* () {
      yield events;
      hasRead = true;
    })();
  const store = {
    readRequest: async (id: string) => ({ ...ENDED, id, ...request }),
    readApproval: async () => ({ ...OPEN_APPROVAL, state: 'allowed' as const, decidedBy: 'api' as const }),
    readEventSpan: NO_EVENTS,
    readBacklog: async () => BACKLOG,
    listApprovals: async () => ({ approvals: [], total: 4 }),
    readSizes: async () => ({ database: 4_096 }),
  };
  await meter.watch(
    { ...{ events: { follow }, store }, sessions: gateway.sessions, health: gateway.health, now: () => T0 },
    new AbortController().signal,
  );
  await until(() => hasRead);
  return (await meter.read()).text;
}

const NO_EVENTS = async () => ({ first: 1, last: 0 });

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields that are counted
const ENDED = {
  ...{ state: 'completed', reason: null, source: 'http', agent: 'claude', priority: 'high', retries: 0 },
  ...{ createdAt: T0, startedAt: T0 + 2_000, completedAt: T0 + 5_000, usage: usageOf(10, 20) },
} as unknown as RequestRecord;

const BACKLOG = {
  queued: [{ priority: 'normal', count: 3, oldestAt: T0 - 60_000 }],
  running: [{ phase: 'working', count: 2 }],
  owed: [{ transport: 'webhook', count: 5, oldestAt: T0 - 1_000 }],
} as const;

let seq = 0;
function event(type: EventType, at: number, data: Readonly<Record<string, unknown>> = {}): EventRecord {
  return { seq: (seq += 1), type, requestId: 'req-1', workspace: 'secret-name', at, data };
}

describe('of a request', () => {
  const whole = [
    event('request.queued', T0, { source: 'http', priority: 'high' }),
    event('request.started', T0 + 2_000),
    event('request.submitting', T0 + 2_250),
    event('request.working', T0 + 2_500),
    event('request.completed', T0 + 5_000),
  ];

  test.each([
    'gatehouse_requests_accepted_total{source="http",priority="high"} 1',
    'gatehouse_requests_ended_total{state="completed",reason="",source="http",agent="claude"} 1',
    'gatehouse_queue_wait_seconds_sum{priority="high"} 2',
    'gatehouse_turn_seconds_sum{agent="claude",state="completed"} 3',
    'gatehouse_turn_phase_seconds_sum{phase="preparing"} 0.25',
    'gatehouse_turn_phase_seconds_sum{phase="submitting"} 0.25',
    'gatehouse_turn_phase_seconds_sum{phase="working"} 2.5',
    'gatehouse_tokens_total{model="a-model",kind="output"} 20',
    'gatehouse_cost_usd_total{model="a-model"} 0.00006',
  ])('it counts %s', async (line) => {
    expect((await readAfter(whole)).split('\n')).toContain(line);
  });

  test('it names the reason of one that did not complete', async () => {
    const page = await readAfter([event('request.failed', T0 + 9)], { state: 'failed', reason: 'agent_exited' });
    expect(page).toContain('{state="failed",reason="agent_exited",source="http",agent="claude"} 1');
  });

  test('it counts those whose cost is not known', async () => {
    const usage = { ...usageOf(1, 1), costMicroUsd: null };
    expect(await readAfter([event('request.completed', T0)], { usage })).toContain(
      'gatehouse_unpriced_requests_total 1',
    );
  });
});

describe('what a turn took', () => {
  const noted = event('usage.noted', T0 + 6_000, { requestId: 'req-1', usage: usageOf(10, 20) });
  const line = 'gatehouse_tokens_total{model="a-model",kind="output"} 20';

  test('is counted when it is known only behind the end', async () => {
    expect(await readAfter([event('request.completed', T0), noted], { usage: null })).toContain(`${line}\n`);
  });

  test('is counted once when the end is read after it was noted', async () => {
    expect(await readAfter([event('request.completed', T0), noted])).toContain(`${line}\n`);
  });

  test('may never be known', async () => {
    const unknown = { ...noted, data: { requestId: 'req-1', usage: null } };
    expect(await readAfter([event('request.completed', T0), unknown], { usage: null })).not.toMatch(
      /^gatehouse_tokens_total\{/m,
    );
  });
});

test('it times decisions by their kind and by who decided', async () => {
  const events = [event('approval.allowed', OPEN_APPROVAL.createdAt + 4_000, { approvalId: 'apr-1', by: 'api' })];
  expect(await readAfter(events)).toContain('gatehouse_approval_seconds_sum{kind="tool",state="allowed",by="api"} 4');
});

test('it tells starts of agents, and whether they had a conversation', async () => {
  const events = [event('session.started', T0, { resumed: true, ms: 1_500 })];
  expect(await readAfter(events)).toContain('gatehouse_agent_start_seconds_sum{resumed="true"} 1.5');
});

test.each([
  'gatehouse_queue_length{priority="normal"} 3',
  'gatehouse_queue_length{priority="background"} 0',
  'gatehouse_queue_oldest_seconds{priority="normal"} 60',
  'gatehouse_requests_running{phase="working"} 2',
  'gatehouse_deliveries_owed{transport="webhook"} 5',
  'gatehouse_deliveries_oldest_seconds{transport="webhook"} 1',
  'gatehouse_approvals_open 4',
  'gatehouse_ready 1',
  'gatehouse_healthy{check="store"} 1',
  'gatehouse_store_size_bytes{part="database"} 4096',
  'gatehouse_sessions{status="asleep"} 0',
])('who looks is told %s', async (line) => {
  expect((await readAfter([])).split('\n')).toContain(line);
});

test('what cannot be read is left out, and the rest is told', async () => {
  const meter = createMetrics('1.2.3');
  const { sessions, health, events } = createFakeGateway();
  const broken = async (): Promise<never> => Promise.reject(new Error('no disk'));
  const store = {
    readBacklog: broken,
    readSizes: async () => ({ database: 1 }),
    listApprovals: broken,
    readRequest: broken,
    readApproval: broken,
    readEventSpan: NO_EVENTS,
  };
  await meter.watch({ sessions, health, events, store, now: () => T0 }, new AbortController().signal);
  const { text } = await meter.read();
  expect(text).toContain('gatehouse_ready 1');
  expect(text).not.toMatch(/^gatehouse_queue_length\{/m);
});

test('no label holds an id or the name of a workspace', async () => {
  const page = await readAfter([
    event('request.queued', T0, { source: 'http', priority: 'high' }),
    event('request.completed', T0 + 1),
    event('approval.allowed', T0 + 2, { approvalId: 'apr-1' }),
  ]);
  expect(page).not.toMatch(/req-1|apr-1|secret-name/);
});

test('an agent that ended by itself is a crash', async () => {
  const meter = createMetrics('1.2.3');
  meter.logged('warn', 'agent.exited');
  meter.logged('error', 'turn.broke');
  const { text } = await meter.read();
  expect(text).toContain('gatehouse_agent_crashes_total 1');
  expect(text).toContain('gatehouse_log_lines_total{level="error",event="turn.broke"} 1');
});

describe('while the store cannot be read', () => {
  test('nothing is lost: it is read on from the last event that was counted', async () => {
    const meter = createMetrics('1.2.3');
    const gateway = createFakeGateway();
    const asked: (number | undefined)[] = [];
    const counted = Promise.withResolvers<void>();
    const log = [event('session.slept', T0), event('session.slept', T0), event('session.slept', T0)];
    const base = (log[0]?.seq ?? 0) - 1;
    const follow = async (_filter: object, after: number | undefined) => {
      asked.push(after);
      return (async function* () {
        const [next, ...others] = log.filter(({ seq }) => seq > (after ?? 0));
        if (next !== undefined) yield [next];
        if (others.length > 0) throw new Error('no disk');
        counted.resolve();
      })();
    };
    const readEventSpan = async () => ({ first: 1, last: base });
    const none = async (): Promise<never> => Promise.reject(new Error('no disk'));
    const broken = { readBacklog: none, readSizes: none, listApprovals: none, readRequest: none, readApproval: none };
    const store = { ...broken, readEventSpan };
    const over = new AbortController();
    await meter.watch(
      { events: { follow }, store, sessions: gateway.sessions, health: gateway.health, now: () => T0 },
      over.signal,
    );
    await counted.promise;
    over.abort();
    expect(asked).toEqual([base, base + 1, base + 2]);
    expect((await meter.read()).text).toContain('gatehouse_agent_sleeps_total 3\n');
  });

  test('two who look at once share one look', async () => {
    const meter = createMetrics('1.2.3');
    const [one, other] = [meter.read(), meter.read()];
    expect(other).toBe(one);
    await one;
    expect(meter.read()).not.toBe(one);
  });
});
