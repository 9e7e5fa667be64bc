import type { Schemas } from '../../client/client.ts';
import { fault, type Finding, note, well } from '../../compose/doctor/finding.ts';
import { connect, type Connection } from '../remote/connection.ts';
import { describeEnd } from '../remote/run.ts';
import { readHealth } from '../remote/status.ts';
import type { Terminal } from '../terminal.ts';

const TURN_WORKSPACE = 'doctor';
const TURN_SECONDS = 60;

/** What the running gateway says of itself. */
export async function askGateway(pid: number, terminal: Terminal, withTurn: boolean): Promise<readonly Finding[]> {
  try {
    const connection = await connect({}, terminal);
    return [
      ...toFindings(await readHealth(connection)),
      ...(await lookAtWebhooks(connection)),
      ...(withTurn ? [await runTurn(connection)] : []),
    ];
  } catch (error) {
    const found = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    const remedy = found.includes('401')
      ? 'set GATEHOUSE_API_KEY or HTTP_API_KEY to the key of the running gateway'
      : `look at its log; kill ${pid} and start it again when it hangs`;
    return [fault('gateway', `runs (pid ${pid}), and ${found}`, remedy)];
  }
}

function toFindings({ checks }: Schemas['Health']): readonly Finding[] {
  const parts = Object.entries(checks).map(([name, { healthy, error }]) => {
    const why = error ?? (name === 'agent' ? checks.agent.hint : null) ?? 'is not well';
    return healthy ? [] : [fault('gateway', `${name}: ${why}`, 'GET /health says more: gatehouse status')];
  });
  const troubled = (checks.gateway.transports ?? []).flatMap(toTransportFindings);
  const faults = [...parts.flat(), ...troubled];
  return faults.length > 0 ? faults : [well('gateway', 'runs and is healthy')];
}

type TransportHealth = NonNullable<Schemas['Health']['checks']['gateway']['transports']>[number];

function toTransportFindings({ name, problems = [], failing }: TransportHealth): readonly Finding[] {
  const failures =
    failing === 0
      ? []
      : [
          note(
            name,
            `${failing} addresses take nothing`,
            'gatehouse deliveries --state waiting names them, with their errors',
          ),
        ];
  return [...problems.map((problem) => fault(name, problem, 'change what it says')), ...failures];
}

async function lookAtWebhooks({ ask, client }: Connection): Promise<readonly Finding[]> {
  const { webhooks } = await ask(client.GET('/webhooks'));
  return webhooks.flatMap(({ id, url, state }) => {
    const place = new URL(url).host;
    if (state === 'disabled')
      return [
        fault(
          'webhooks',
          `${id} at ${place} is disabled: its receiver answered 410`,
          `remove it (DELETE /webhooks/${id}), or add it anew`,
        ),
      ];
    return state === 'active'
      ? []
      : [note('webhooks', `${id} at ${place} fails`, 'repair its receiver: gatehouse deliveries says its errors')];
  });
}

async function runTurn({ ask, client }: Connection): Promise<Finding> {
  const body = { workspace: TURN_WORKSPACE, command: 'Answer with the one word: well', priority: 'high' as const };
  const header = { Prefer: `wait=${TURN_SECONDS}` };
  const { requestId } = await ask(client.POST('/execute', { body, params: { header } }));
  const status = await ask(client.GET('/status/{requestId}', { params: { path: { requestId } } }));
  if (status.state === 'completed') return well('turn', `completed in ${(status.duration / 1_000).toFixed(1)} s`);
  return fault('turn', describeEnd(status), `gatehouse status ${requestId}, and docs/errors.md for its reason`);
}
