import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { startGateway, type Gateway } from './gateway.ts';
import type { Place } from './place.ts';
import type { Row } from './row.ts';
import { median } from './statistics.ts';

const WARM_UPS = 20;
const ROUNDS = 200;
const HOOKS = 3;
const BEYOND_MAX_MS = 10;
const NONE_MAX_MS = 1;

const OWN = 'the hooks’ own run time';

/** What hooks add to a turn: the same request, by turns to gateways with and without them, each time beside the other.
 *  Without credentials for an agent each ends at once when its hooks have been asked, so that nothing else is measured. */
export async function measureHooks(place: Place): Promise<readonly Row[]> {
  const hook = place.path('trivial.sh');
  await writeFile(hook, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const plain = await start(place, 'plain', null);
  const none = await start(place, 'none', []);
  const hooked = await start(
    place,
    'hooked',
    Array.from({ length: HOOKS }, (_, at) => ({ ref: hook, name: `hook-${at}`, events: ['pre_session'] })),
  );
  const times = { plain: [] as number[], none: [] as number[], hooked: [] as number[], own: [] as number[] };
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round += 1) {
    const plainMs = await turn(plain);
    const noneMs = await turn(none);
    const hookedMs = await turn(hooked);
    const ownMs = await runAll(hook);
    if (round < 1) continue;
    times.plain.push(plainMs);
    times.none.push(noneMs - plainMs);
    times.hooked.push(hookedMs - plainMs);
    times.own.push(ownMs);
  }
  for (const gateway of [plain, none, hooked]) await gateway.end();
  return [
    {
      name: `${HOOKS} trivial hooks add to a turn, p50`,
      value: median(times.hooked),
      unit: 'ms',
      beside: [{ name: OWN, value: median(times.own), unit: 'ms' }],
      aims: [{ kind: 'difference', bound: 'at most', limit: BEYOND_MAX_MS, of: OWN }],
    },
    {
      name: 'a HOOKS_FILE without hooks adds to a turn, p50',
      value: median(times.none),
      unit: 'ms',
      beside: [{ name: 'all of a turn that needs no agent', value: median(times.plain), unit: 'ms' }],
      aims: [{ kind: 'value', bound: 'at most', limit: NONE_MAX_MS }],
    },
  ];
}

async function start(place: Place, name: string, hooks: readonly object[] | null): Promise<Gateway> {
  const settings = { ANTHROPIC_API_KEY: '', LOG_LEVEL: 'error' };
  if (hooks === null) return startGateway(place, name, settings);
  const file = place.path(`${name}.json`);
  await writeFile(file, JSON.stringify({ hooks }));
  return startGateway(place, name, { ...settings, HOOKS_FILE: file });
}

async function turn(gateway: Gateway): Promise<number> {
  const begunAt = performance.now();
  const body = { workspace: 'bench', command: 'Say hi.' };
  const answer = await gateway.call('POST', '/execute', body, { prefer: 'wait=60' });
  const ms = performance.now() - begunAt;
  const { reason } = answer.body as { readonly reason?: string };
  if (reason !== 'agent_unavailable') throw new Error(`it ended with ${reason}`);
  return ms;
}

/** As a small program would run them, one after the other. */
async function runAll(hook: string): Promise<number> {
  const begunAt = performance.now();
  for (let at = 0; at < HOOKS; at += 1) {
    await new Promise((resolve) => spawn(hook, [], { stdio: 'pipe' }).once('close', resolve));
  }
  return performance.now() - begunAt;
}
