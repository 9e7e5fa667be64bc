import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DeliveryEnd } from '../core/model/delivery.ts';
import type { Metrics, MetricsText } from '../core/ports/metrics/metrics.ts';
import type { Outcome } from '../core/ports/transport.ts';
import { followEvents, type Followed } from './follow-events.ts';
import { createGauges, type Watched } from './gauges.ts';
import { createInstruments, type Instruments } from './instruments.ts';

/** What the parts of the gateway tell of themselves while they work. Times in milliseconds. */
export interface Meter extends Metrics {
  committed(ms: number): void;
  attempted(transport: string, outcome: Outcome['kind'] | 'aborted', ms: number): void;
  deliveryEnded(state: DeliveryEnd): void;
  hookAnswered(hook: string, ms: number): void;
  logged(level: 'warn' | 'error', event: string): void;
  /** From now on it reads the events and the state of this gateway too, until the signal aborts. */
  watch(gateway: Watched & Followed, signal: AbortSignal): Promise<void>;
}

/** How often the event loop is looked at, in milliseconds: what is measured is at least that. */
const LAG_EVERY_MS = 20;

export function createMetrics(version: string): Meter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_EVERY_MS });
  tellBuild(registry, version);
  const instruments = createInstruments(registry);
  let readGauges = async (): Promise<void> => {};
  /** Whoever comes meanwhile shares it: two that read the gauges at once would take each other's away. */
  let reading: Promise<MetricsText> | null = null;
  const read = async (): Promise<MetricsText> => {
    await readGauges();
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
  return {
    ...createTold(instruments),
    read: () => (reading ??= read().finally(() => (reading = null))),
    async watch(gateway, signal) {
      readGauges = createGauges(registry, gateway);
      await followEvents(gateway, instruments, signal);
    },
  };
}

function createTold(instruments: Instruments): Omit<Meter, 'read' | 'watch'> {
  const toSeconds = (ms: number): number => ms / 1_000;
  return {
    answered({ method, route, status, ms }) {
      instruments.answer.observe({ method, route: route ?? '', status: String(status) }, toSeconds(ms));
    },
    committed: (ms) => instruments.commit.observe(toSeconds(ms)),
    attempted: (transport, outcome, ms) => instruments.attempts.observe({ transport, outcome }, toSeconds(ms)),
    deliveryEnded: (state) => instruments.delivered.inc({ state }),
    hookAnswered: (hook, ms) => instruments.hook.observe({ hook }, toSeconds(ms)),
    logged(level, event) {
      instruments.lines.inc({ level, event });
      if (event === 'agent.exited') instruments.crashed.inc();
    },
  };
}

function tellBuild(registry: Registry, version: string): void {
  const labels = { version, node: process.version };
  new Gauge({
    name: 'gatehouse_build_info',
    help: 'Which Gatehouse on which Node runs.',
    labelNames: Object.keys(labels),
    registers: [registry],
  }).set(labels, 1);
}
