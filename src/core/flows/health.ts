import type { Health, HealthCheck } from '../ports/gateway/health.ts';
import type { FlowParts } from './parts.ts';
import type { Lanes } from './queue/lanes.ts';
import type { Pauses } from './queue/pauses.ts';
import type { Sessions } from './sessions/sessions.ts';

/** Checks that the flows cannot make themselves; each resolves when well and rejects with what is wrong. */
export interface OutsideChecks {
  readonly filesystem: () => Promise<void>;
  readonly hookListener: () => Promise<void>;
}

export interface HealthParts {
  readonly parts: FlowParts;
  readonly sessions: Sessions;
  readonly lanes: Lanes;
  readonly pauses: Pauses;
  readonly outside: OutsideChecks;
}

/** A paused agent is healthy: its queues go on by themselves. */
export async function checkHealth({ parts, sessions, lanes, pauses, outside }: HealthParts): Promise<Health> {
  const driver = sessions.driverOf(parts.settings.defaultAgent);
  const [tmuxServer, known, filesystem, gateway, store, agent] = await Promise.all([
    checked(async () => ({ sessionsCount: await driver.countSessions() })),
    checked(async () => ({
      total: (await parts.store.listSessions()).length,
      active: lanes.runningCount(),
      live: sessions.workspaces().length,
      max: parts.settings.maxLiveSessions,
    })),
    checked(outside.filesystem),
    checked(async () => {
      await outside.hookListener();
      return { transports: [], hookListener: true };
    }),
    checked(() => parts.store.probe()),
    checked(async () => {
      const ready = await driver.check();
      const pause = pauses.of(parts.settings.defaultAgent);
      return { healthy: ready.installed && ready.credentials, ...ready, pause };
    }),
  ]);
  const checks = { tmuxServer, sessions: known, filesystem, gateway, store, agent };
  const healthy = Object.values(checks).every((check) => check.healthy);
  return { status: healthy ? 'healthy' : 'degraded', timestamp: parts.clock.now(), checks };
}

async function checked(check: () => Promise<object | void>): Promise<HealthCheck> {
  try {
    return { healthy: true, ...(await check()) };
  } catch (error) {
    return { healthy: false, error: error instanceof Error ? error.message : String(error) };
  }
}
