import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDice } from '../../helpers/dice.ts';
import { createFuzzer, type FuzzedRequest } from '../../helpers/fuzzed-requests.ts';
import { TEST_KEY } from '../../helpers/gateway-rig.ts';
import { findLeaks } from '../../helpers/leaks.ts';
import { proveAnswer } from '../../helpers/openapi-fetch.ts';
import { openProcessRig, type ProcessRig } from '../../helpers/process-rig.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const SEED = Number(process.env['SEED'] ?? 1);
const REQUESTS = Number(process.env['FUZZED'] ?? 400);
const AT_ONCE = 20;
/** Nobody but the test speaks to them. */
const LIVE = ['live-1', 'live-2'];

let rig: ProcessRig;
const folder = createTempFolder();
beforeAll(async () => {
  const place = (name: string): string => path.join(folder.path, name);
  await mkdir(place('repos'));
  rig = await openProcessRig((prompt) => `echo: ${prompt.slice(0, 100)}`, {
    REPOS_ROOT: place('repos'),
    WORKTREES_ROOT: place('worktrees'),
  });
  await run(LIVE[0] ?? '', 'warm');
  await run(LIVE[1] ?? '', 'warm');
});
afterAll(async () => {
  await rig.close();
  folder[Symbol.dispose]();
});

async function run(workspace: string, command: string): Promise<void> {
  const request = { json: { workspace, command, priority: 'high' }, headers: { prefer: 'wait=60' } };
  const { body } = await rig.call('POST', '/execute', request);
  expect([body.state, body.output?.text]).toEqual(['completed', `echo: ${command}`]);
}

test('each of many wrong and right requests has an answer that is described, and the agents go on', async () => {
  const known: Record<string, string[]> = {};
  const names = (name: string): readonly string[] => {
    const workspaces = ['fuzz-1', 'fuzz-2', 'unknown'];
    return known[name] ?? (name === 'workspace' ? workspaces : ['fuzz-1', 'unknown', 'owner/repo', '1']);
  };
  const next = createFuzzer(createDice(SEED), names);
  const statuses = new Map<number, number>();
  const faults: string[] = [];

  async function send({ method, path: at, headers, body }: FuzzedRequest): Promise<void> {
    const ending = new AbortController();
    const response = await fetch(`${rig.baseUrl}${at}`, {
      method,
      // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- only what has one in the document gets one
      body,
      headers: { 'x-api-key': TEST_KEY, ...headers },
      signal: ending.signal,
    });
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return ending.abort();
    const answer = response.clone();
    await proveAnswer(method, new URL(response.url).pathname, response).catch((error: Error) => {
      faults.push(`${method} ${at} ${body}: ${error.message}`);
    });
    const text = await answer.text();
    if (response.status >= 500) faults.push(`${method} ${at} ${body}: ${response.status} ${text}`);
    for (const leak of findLeaks(response.status, text, [rig.root, folder.path]))
      faults.push(`${method} ${at} tells ${leak}: ${text}`);
    // A list would tell of the requests of others, which nobody here is to cancel.
    if (method === 'POST') keepNames(text);
  }

  /** Ids that were answered are asked for. */
  function keepNames(text: string): void {
    for (const [id, kind] of text.matchAll(/\b(req|apr|msg|quick|wh)[-_][\w-]{6,}/g)) {
      const parameter = kind === 'req' ? 'requestId' : 'id';
      known[parameter] = [...(known[parameter] ?? ['unknown']), id].slice(-50);
    }
  }

  let sent = 0;
  async function sendShare(): Promise<void> {
    while (sent < REQUESTS) {
      sent += 1;
      await send(next());
    }
  }
  async function work(workspace: string): Promise<number> {
    let turns = 0;
    for (; sent < REQUESTS; turns += 1) await run(workspace, `turn ${turns}`);
    return turns;
  }
  const [turns] = await Promise.all([
    Promise.all(LIVE.map(work)),
    ...Array.from({ length: AT_ONCE }, () => sendShare()),
  ]);
  process.stdout.write(
    `fuzz, seed ${SEED}: ${sent} requests beside ${turns.join(' and ')} turns; ${[...statuses]
      .toSorted(([one], [other]) => one - other)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')}\n`,
  );
  expect(faults).toEqual([]);
  for (const workspace of LIVE) await run(workspace, 'and on');
}, 600_000);
