import { toPlace, transportOf } from '../model/delivery.ts';
import type { Health, HealthApi, HealthCheck } from '../ports/gateway/health.ts';
import { driverOf, type FlowParts } from './parts.ts';
import type { Today, UsageApi } from '../ports/usage/usage.ts';
import type { Lanes } from './queue/lanes/lanes.ts';
import type { Pauses } from './queue/pauses.ts';
import type { Readiness } from './readiness.ts';
import { shareLook } from './shared-look.ts';
import type { Agents } from './sessions/agents/agents.ts';

/** Checks that the flows cannot make themselves; each resolves when well and rejects with what is wrong. */
export interface OutsideChecks {
  /** Resolves with what is shown beside. */
  readonly filesystem: () => Promise<object | void>;
  readonly hookListener: () => Promise<void>;
}

export interface HealthDeps {
  readonly parts: FlowParts;
  readonly readiness: Pick<Readiness, 'isReady'>;
  readonly agents: Pick<Agents, 'workspaces'>;
  readonly lanes: Pick<Lanes, 'runningCount'>;
  readonly pauses: Pick<Pauses, 'of'>;
  readonly usage: Pick<UsageApi, 'today'>;
  readonly outside: OutsideChecks;
}

export function createHealth(deps: HealthDeps): HealthApi {
  const { parts, readiness } = deps;
  const probe = shareLook(parts.clock, () => parts.store.probe());
  const look = shareLook(parts.clock, () => checkHealth(deps, probe));
  return {
    check: async () => asOfNow(deps, await look()),
    isReady: readiness.isReady,
    async takesWork() {
      if (!readiness.isReady()) return false;
      return probe().then(
        () => readiness.isReady(),
        () => false,
      );
    },
  };
}

/** Addresses that are looked at, and shown. */
const LANES_MAX = 10_000;
const SHOWN_MAX = 20;

/** What the gateway has in mind is told as it is now, whatever the age of the look. A paused agent is healthy: its queues
 *  go on by themselves. */
function asOfNow({ parts, agents, lanes, pauses }: HealthDeps, { checks, ...health }: Health): Health {
  const { sessions, agent, ...others } = checks;
  const active = lanes.runningCount();
  const live = agents.workspaces().length;
  const pause = pauses.of(parts.settings.defaultAgent);
  return { ...health, checks: { ...others, sessions: { ...sessions, active, live }, agent: { ...agent, pause } } };
}

async function checkHealth({ parts, usage, outside }: HealthDeps, probe: () => Promise<void>): Promise<Health> {
  const driver = driverOf(parts, parts.settings.defaultAgent);
  const [tmuxServer, sessions, filesystem, gateway, store, agent] = await Promise.all([
    checked(async () => ({ sessionsCount: await driver.countSessions() })),
    checked(async () => ({
      total: (await parts.store.listSessions()).length,
      max: parts.settings.maxLiveSessions,
    })),
    checked(outside.filesystem),
    checked(async () => {
      await outside.hookListener();
      return { transports: await readTransports(parts), hookListener: true };
    }),
    checked(async () => {
      await probe();
      return { today: toMoney(await usage.today()) };
    }),
    checked(async () => {
      const ready = await driver.check();
      return { healthy: ready.installed && ready.credentials, ...ready };
    }),
  ]);
  const checks = { tmuxServer, sessions, filesystem, gateway, store, agent };
  const healthy = Object.values(checks).every((check) => check.healthy);
  return { status: healthy ? 'healthy' : 'degraded', timestamp: parts.clock.now(), checks };
}

/** Addresses that take nothing are no fault of the gateway: it stays healthy, and says which. */
async function readTransports({ store, transports }: FlowParts) {
  const lanes = await store.listFailingLanes(LANES_MAX);
  return [...transports].map(([name, { problems }]) => {
    const failing = lanes.filter(({ lane }) => transportOf(lane) === name);
    const paused = failing.filter(({ pausedAt }) => pausedAt !== null).slice(0, SHOWN_MAX);
    return {
      name,
      ...(problems !== undefined && { problems: problems() }),
      failing: failing.length,
      paused: paused.map(({ lane, failingSince, lastError }) => ({ to: toPlace(lane), failingSince, lastError })),
    };
  });
}

/** In US dollars, as people set them. */
function toMoney({ spent, leftMicroUsd }: Today) {
  const toUsd = (micro: number): number => micro / 1e6;
  return {
    costUsd: toUsd(spent.costMicroUsd),
    leftUsd: leftMicroUsd === null ? null : toUsd(leftMicroUsd),
    unpriced: spent.unpriced,
  };
}

async function checked(check: () => Promise<object | void>): Promise<HealthCheck> {
  try {
    return { healthy: true, ...(await check()) };
  } catch (error) {
    return { healthy: false, error: error instanceof Error ? error.message : String(error) };
  }
}
