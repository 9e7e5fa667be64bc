import { setTimeout as delay } from 'node:timers/promises';
import { openGatewayHouse, type GatewayHouse, type GatewayProcess } from '../helpers/gateway-house.ts';
import type { InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { promptsIn, type JournalEntry } from '../helpers/scripted-agent/journal.ts';
import { readFound, readSpent, type Found } from './found.ts';
import { createLast, markOf, toToolFile, type PlannedRequest, type Scenario } from './scenario.ts';

/** All that was seen of one crash. */
export interface CrashReport {
  readonly scenario: Scenario;
  /** Those that were answered 202, before the crash or after it. */
  readonly accepted: readonly Accepted[];
  /** On disk between the crash and the restart. */
  readonly found: readonly Found[];
  /** On disk at the end, in the order of acceptance. */
  readonly left: readonly Found[];
  /** What models would have been asked, in this order. */
  readonly prompts: readonly string[];
  readonly journal: readonly JournalEntry[];
  /** The ids of requests whose models are in the ledger, one for each line. */
  readonly spent: readonly string[];
  readonly log: string;
  /** From the restart to the last end of what was accepted before it. */
  readonly recoveryMs: number;
  readonly totalMs: number;
}

export interface Accepted {
  readonly request: PlannedRequest;
  readonly id: string;
  /** The status document at the end, or at the deadline. */
  readonly status: Status;
}

export interface Status {
  readonly state: string;
  readonly reason: string | null;
  readonly completedAt: number | null;
  readonly output: { readonly text?: string };
  readonly usage: { readonly models: readonly object[] } | null;
  readonly usagePending: boolean;
  readonly approvals: readonly { readonly state: string; readonly decidedBy: string | null }[];
}

const DECIDE_EVERY_MS = 50;
const USAGE_LOOK_MS = 50;
const USAGE_WITHIN_MS = 10_000;
const CRASH_WITHIN_MS = 90_000;
export const ENDED_WITHIN_MS = 30_000;

export async function runCrash(agent: InstalledAgent, scenario: Scenario): Promise<CrashReport> {
  const beganAt = performance.now();
  const house = await openGatewayHouse({ agent });
  try {
    const env = { CRASH_PLAN: JSON.stringify(scenario.plan) };
    const doomed = house.start(['tests/crash/doomed-gateway.ts'], env);
    await doomed.ready();
    const deciding = new AbortController();
    const decider = decideAll(house, scenario, deciding.signal);
    const clients = scenario.sessions.map((requests) => submitAll(house, requests));
    await crashed(doomed, house);
    const ids = new Map((await Promise.all(clients)).flatMap((all) => [...all]));
    const found = await readFound(house, markOf);

    const restartAt = Date.now();
    const gateway = house.start();
    await gateway.ready();
    const known = [...ids.keys()];
    const accepted = await finish(house, scenario, ids, restartAt);
    const ends = accepted.filter(({ request }) => known.includes(request)).map(({ status }) => status.completedAt ?? 0);
    deciding.abort();
    await decider;
    const journal = house.journal();
    return {
      scenario,
      accepted,
      found,
      left: await readFound(house, markOf),
      prompts: promptsIn(journal),
      journal,
      spent: await readSpent(house),
      log: house.log(),
      recoveryMs: Math.max(0, ...ends.map((at) => at - restartAt)),
      totalMs: performance.now() - beganAt,
    };
  } finally {
    await house.close();
  }
}

type Ids = Map<PlannedRequest, string>;

/** One client of one session. Ends early when the gateway is gone. */
async function submitAll(house: GatewayHouse, requests: readonly PlannedRequest[]): Promise<Ids> {
  const ids: Ids = new Map();
  try {
    for (const request of requests) {
      const id = await submit(house, request);
      ids.set(request, id);
      if (request.cancel === 'early') await house.call('POST', `/status/${id}/cancel`);
    }
  } catch (error) {
    // Not `instanceof`: fetch has its errors from another realm than a test of jest.
    if ((error as Error).name !== 'TypeError') throw error;
  }
  return ids;
}

/** Somebody who answers what the agents ask, whichever gateway lives. */
async function decideAll(house: GatewayHouse, { sessions }: Scenario, signal: AbortSignal): Promise<void> {
  const decisions = new Map(sessions.flat().map(({ mark, decision }) => [toToolFile(mark), decision]));
  while (!signal.aborted) {
    try {
      const { approvals } = (await house.call('GET', '/approvals?state=open')).body as { approvals: readonly Open[] };
      const undecided = approvals.filter(({ decision }) => decision === null);
      await Promise.all(
        undecided.map(({ id, input }) =>
          house.call('POST', `/approvals/${id}`, { json: { decision: decisions.get(input.file_path) ?? 'deny' } }),
        ),
      );
    } catch (error) {
      if ((error as Error).name !== 'TypeError') throw error;
    }
    await delay(DECIDE_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

interface Open {
  readonly id: string;
  readonly input: { readonly file_path: string };
  readonly decision: string | null;
}

/** Under the same key each time, so that an answer that was lost is no second request.
 *  Rejects with a TypeError when the gateway is gone. */
async function submit(house: GatewayHouse, { workspace, command, mark }: PlannedRequest): Promise<string> {
  const headers = { 'idempotency-key': mark };
  const answer = await house.call('POST', '/execute', { json: { workspace, command }, headers });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  return answer.body.requestId as string;
}

async function crashed(doomed: GatewayProcess, house: GatewayHouse): Promise<void> {
  const late = delay(CRASH_WITHIN_MS, 'late' as const, { ref: false });
  const how = await Promise.race([doomed.exited, late]);
  if (how !== 'SIGKILL') throw new Error(`the gateway did not come to its point (${how}):\n${house.log()}`);
}

/** The status, with what it took as soon as that is known. */
async function whole(house: GatewayHouse, id: string): Promise<Status> {
  for (const until = Date.now() + USAGE_WITHIN_MS; ; await delay(USAGE_LOOK_MS)) {
    const status = (await house.call('GET', `/status/${id}`)).body as Status;
    if (!status.usagePending || Date.now() > until) return status;
  }
}

/** Once the gateway is back: submits what had no answer, and one more for each session, cancels, and waits for
 *  every end. */
async function finish(house: GatewayHouse, { sessions }: Scenario, ids: Ids, restartAt: number): Promise<Accepted[]> {
  const all = sessions.map((requests) => [...requests, createLast(requests[0]?.workspace ?? '')]);
  await Promise.all(
    all.map(async (requests) => {
      for (const request of requests) if (!ids.has(request)) ids.set(request, await submit(house, request));
    }),
  );
  const ends = all.flat().map(async (request) => {
    const id = ids.get(request) ?? '';
    if (request.cancel !== 'never') await house.call('POST', `/status/${id}/cancel`);
    const seconds = Math.ceil((restartAt + ENDED_WITHIN_MS - Date.now()) / 1_000);
    const headers = { prefer: `wait=${Math.max(1, seconds)}` };
    await house.call('GET', `/status/${id}`, { headers });
    return { request, id, status: await whole(house, id) };
  });
  return Promise.all(ends);
}
