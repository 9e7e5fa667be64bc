import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, startGateway } from './gateway.ts';
import type { Place, Program } from './place.ts';
import { startPlainFastify } from './plain-fastify.ts';
import type { Result, Row } from './row.ts';
import { median } from './statistics.ts';

const STARTS = 10;
const REST_MS = 10_000;
const LISTENING_MAX_MS = 800;
const MEMORY_MAX_MB = 120;

export async function measureIdle(place: Place): Promise<readonly Result[]> {
  return [await measureStarts(place), ...(await measureMemory(place)), await measureImage()];
}

/** Each of the gateway begins with an empty folder: it makes its database and starts its tmux server. */
async function measureStarts(place: Place): Promise<Row> {
  const [gateway, fastify, node]: readonly [number[], number[], number[]] = [[], [], []];
  for (let round = 1; round <= STARTS; round += 1) {
    const started = await startGateway(place, `start-${round}`);
    gateway.push(started.listeningMs);
    await started.end();
    const plain = await startPlainFastify(place);
    fastify.push(plain.listeningMs);
    await plain.end();
    const startedAt = performance.now();
    await place.run([process.execPath, '-e', ''], {});
    node.push(performance.now() - startedAt);
  }
  return {
    name: 'from spawn to listening, first start in a folder',
    value: median(gateway),
    unit: 'ms',
    beside: [
      { name: 'Fastify with two routes', value: median(fastify), unit: 'ms' },
      { name: "node -e ''", value: median(node), unit: 'ms' },
    ],
    aims: [{ kind: 'value', bound: 'at most', limit: LISTENING_MAX_MS }],
  };
}

async function measureMemory(place: Place): Promise<readonly Row[]> {
  const gateway = await startGateway(place, 'idle');
  const fastify = await startPlainFastify(place);
  const steward = startSteward(place);
  await delay(REST_MS, undefined, { signal: place.signal });
  const [own, plain] = [await readMemory(gateway.pid), await readMemory(fastify.pid)];
  steward.mustRun();
  const stewards = await readMemory(steward.pid);
  await Promise.all([gateway, fastify, steward].map((program) => program.end()));
  const beside = (value: number) => [{ name: 'Fastify with two routes', value, unit: 'MB' }] as const;
  return [
    {
      name: `memory of the idle gateway (RSS), ${REST_MS / 1_000} s after its start`,
      value: own.rss,
      unit: 'MB',
      beside: beside(plain.rss),
      aims: [{ kind: 'value', bound: 'at most', limit: MEMORY_MAX_MB }],
    },
    {
      name: 'the same without what others share (PSS)',
      value: own.pss,
      unit: 'MB',
      beside: beside(plain.pss),
      aims: [],
    },
    { name: 'in the container the steward comes to it (RSS)', value: stewards.rss, unit: 'MB', beside: [], aims: [] },
  ];
}

/** As docker/parent starts it. */
function startSteward(place: Place): Program {
  const argv = [process.execPath, '--max-semi-space-size=1', path.join(ROOT, 'dist/steward.js')];
  const [home, workspaces] = [place.path('steward-home'), place.path('steward-workspaces')];
  const socket = place.path('steward');
  const env = {
    PATH: process.env['PATH'] ?? '',
    AGENT_HOME: home,
    WORKSPACES_ROOT: workspaces,
    STEWARD_SOCKET: socket,
  };
  return place.start('steward-log', argv, env);
}

/** In MB of 1,000,000 bytes; Linux only. */
async function readMemory(pid: number): Promise<{ readonly rss: number; readonly pss: number }> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]) * 1_024) / 1e6;
  return { rss: read('Rss'), pss: read('Pss') };
}

async function measureImage(): Promise<Result> {
  const name = 'size of the image';
  const ask = (...args: readonly string[]): Promise<string | null> =>
    new Promise((resolve) => {
      execFile('docker', [...args], { timeout: 10_000 }, (error, stdout) =>
        resolve(error === null ? stdout.trim() : null),
      );
    });
  if ((await ask('version', '--format', '{{.Server.Version}}')) === null)
    return { name, missing: 'no Docker engine answers' };
  const image = await ask('compose', 'config', '--images');
  const bytes = image === null ? null : await ask('image', 'inspect', '--format', '{{.Size}}', image);
  if (bytes === null) return { name, missing: 'there is none: docker compose build' };
  return { name, value: Number(bytes) / 1e6, unit: 'MB', beside: [], aims: [] };
}
