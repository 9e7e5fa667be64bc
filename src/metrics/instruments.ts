import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds. A turn takes from a tenth of a second to an hour … */
const LONG = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];
/** … and what the gateway does by itself takes milliseconds. */
const SHORT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

export type Instruments = ReturnType<typeof createInstruments>;

/** All that is counted and timed while the gateway works; what is read only when somebody looks is in `gauges.ts`. */
export function createInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <const L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `gatehouse_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <const L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly L[],
  ) =>
    new Histogram({ name: `gatehouse_${name}`, help, buckets: [...buckets], labelNames: [...labelNames], registers });
  return {
    accepted: counter('requests_accepted_total', 'Requests that were accepted.', ['source', 'priority']),
    ended: counter('requests_ended_total', 'Requests that ended; reason is empty for those that completed.', [
      ...(['state', 'reason', 'source', 'agent'] as const),
    ]),
    waited: histogram('queue_wait_seconds', 'From the acceptance of a request to its turn.', LONG, ['priority']),
    turn: histogram('turn_seconds', 'From the begin of a turn to its end.', LONG, ['agent', 'state']),
    phase: histogram('turn_phase_seconds', 'The parts of a turn: preparing, submitting, working.', LONG, ['phase']),
    starts: histogram(
      'agent_start_seconds',
      'Starts of agents that succeeded; resumed: with their conversation.',
      LONG,
      ['resumed'],
    ),
    slept: counter('agent_sleeps_total', 'Agents that were put to sleep.', []),
    crashed: counter('agent_crashes_total', 'Agents that ended without being asked to.', []),
    asked: counter('approvals_opened_total', 'Approvals that were opened.', ['kind']),
    decided: histogram('approval_seconds', 'From an approval to its end.', LONG, ['kind', 'state', 'by']),
    attempts: histogram('delivery_attempt_seconds', 'Attempts to deliver.', SHORT, ['transport', 'outcome']),
    delivered: counter('deliveries_ended_total', 'Deliveries that ended.', ['state']),
    tokens: counter('tokens_total', 'Tokens that the agents took.', ['model', 'kind']),
    cost: counter('cost_usd_total', 'What the agents took in US dollars, as far as it is known.', ['model']),
    unpriced: counter('unpriced_requests_total', 'Ended requests of which some cost is not known.', []),
    hook: histogram(
      'agent_hook_seconds',
      'What agents wait for the gateway in their hooks, also for decisions.',
      SHORT,
      ['hook'],
    ),
    commit: histogram('store_commit_seconds', 'Transactions of the store, with their sync to disk.', SHORT, []),
    answer: histogram('http_request_seconds', 'Answers of the HTTP API.', SHORT, ['method', 'route', 'status']),
    lines: counter('log_lines_total', 'Warnings and errors in the log, by their event.', ['level', 'event']),
  };
}
