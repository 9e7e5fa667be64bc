import { readdirSync, readFileSync } from 'node:fs';
import { setInterval as every } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';
import { attachPerson } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';

const PLACES = 4;
const WORKSPACES = Array.from({ length: 20 }, (_, index) => `w${index}`);
/** Requests for each workspace: in the second round its session has slept. */
const ROUNDS = [3, 2];

describe('20 workspaces in 4 places, with the real CLI', () => {
  let rig: GatewayRig;
  const sampling = new AbortController();
  let most = 0;

  beforeAll(async () => {
    rig = await openGatewayRig({ env: { MAX_LIVE_SESSIONS: String(PLACES), SESSION_IDLE_MS: '3000' } });
    void sample();
  });

  afterAll(async () => {
    sampling.abort();
    await rig.close();
  });

  /** Counts from outside, whatever the gateway says. */
  async function sample(): Promise<void> {
    try {
      for await (const _ of every(100, null, { signal: sampling.signal })) most = Math.max(most, countAgents(rig.root));
    } catch (error) {
      if (!sampling.signal.aborted) throw error;
    }
  }

  const toPrompt = (workspace: string, round: number, index: number): string =>
    `${workspace} round ${round} no ${index}`;

  async function runRound(round: number): Promise<void> {
    const ids = new Map<string, string>();
    for (let index = 0; index < (ROUNDS[round] ?? 0); index += 1) {
      for (const workspace of WORKSPACES) {
        const command = toPrompt(workspace, round, index);
        const accepted = await rig.call('POST', '/execute', { json: { workspace, command } });
        ids.set(command, (accepted.body as { requestId: string }).requestId);
      }
    }
    for (const [command, id] of ids) {
      const { body } = await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } });
      expect(body).toMatchObject({ state: 'completed', output: { text: `echo: ${command}` } });
      expect(rig.model.count(command)).toBe(1);
    }
  }

  test('100 requests are each answered, and a resumed session knows what was said before', async () => {
    await runRound(0);
    await runRound(1);
    for (const workspace of WORKSPACES) {
      const known = rig.model.knew(toPrompt(workspace, 1, 0));
      for (const index of [0, 1, 2]) expect(known).toContain(`echo: ${toPrompt(workspace, 0, index)}`);
    }
  }, 300_000);

  test('never more agents lived than there are places', async () => {
    expect(most).toBe(PLACES);
    let live = 0;
    for (const { type } of await rig.events()) {
      if (type === 'session.started') live += 1;
      if (type === 'session.slept') live -= 1;
      expect(live).toBeLessThanOrEqual(PLACES);
    }
  });

  test('the memory is given back: the idle ones sleep, and no process of an agent is left', async () => {
    await until(() => countAgents(rig.root) === 0);
    const health = async () => (await rig.call('GET', '/health')).body.checks.sessions as { live: number };
    await until(async () => (await health()).live === 0);
    expect(await health()).toMatchObject({ total: 20, active: 0, max: PLACES });
  });

  test('a session shows what it takes of the machine and how to attach, and does not sleep meanwhile', async () => {
    await rig.run('w0', 'hello');
    const person = await attachPerson(rig.gateway.tmuxSocket, 'w0');
    const { body: session } = await rig.call('GET', '/session/w0');
    expect(session).toMatchObject({
      attach: `tmux -S ${rig.gateway.tmuxSocket} attach -t '=claude-w0'`,
      attached: 1,
      process: { pid: expect.any(Number), processes: expect.any(Number) },
    });
    expect((session as { process: { memoryBytes: number } }).process.memoryBytes).toBeGreaterThan(100_000_000);
    const at = (session as { lastActivityAt: number }).lastActivityAt;
    await until(() => Date.now() - at > 4_000);
    expect((await rig.call('GET', '/session/w0')).body).toMatchObject({ status: 'idle' });
    await person.leave();
    await until(async () => (await rig.call('GET', '/session/w0')).body.status === 'asleep');
    expect((await rig.call('GET', '/session/w0')).body).toMatchObject({ attach: null, attached: 0, process: null });
  });
});

/** The agents of this gateway. What an agent forks bears its command line for a moment: it does not count. */
function countAgents(root: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => isAgent(pid, root) && !isAgent(readParent(pid), root)).length;
}

function isAgent(pid: string, root: string): boolean {
  const [program = '', ...args] = readProcess(pid, 'cmdline').split('\0');
  return program.endsWith('claude.exe') && args.some((arg) => arg.startsWith(root));
}

function readParent(pid: string): string {
  return /^.*\) \S (\d+)/s.exec(readProcess(pid, 'stat'))?.[1] ?? '';
}

/** Empty for one that is gone by now. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
