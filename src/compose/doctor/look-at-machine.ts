import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Config } from '../../config/config.ts';
import { runProgram } from '../../lib/run-program.ts';
import { fault, type Finding, type Look, note, type Patient, well } from './finding.ts';

const NODE_NEEDED = 24;
const TMUX_NEEDED = 3.2;
const FREE_NEEDED = 1_000_000_000;
const AGENT_BYTES = 320_000_000;
const TIMEOUT_MS = 3_000;

export const lookAtNode: Look = ({ machine: { nodeVersion } }) => {
  const major = Number(/^v(\d+)/.exec(nodeVersion)?.[1]);
  if (major >= NODE_NEEDED) return [well('node', nodeVersion)];
  return [
    fault(
      'node',
      `is ${nodeVersion}`,
      `install Node ${NODE_NEEDED} or later, or start with npm start, which brings its own`,
    ),
  ];
};

export const lookAtTmux: Look = async ({ env }) => {
  const said = await versionOf('tmux', ['-V'], env);
  if (said === null)
    return [
      fault('tmux', 'is not in PATH, or does not run', 'install tmux: apt-get install tmux, or brew install tmux'),
    ];
  const version = Number.parseFloat(/(\d+\.\d+)/.exec(said)?.[1] ?? '0');
  if (version >= TMUX_NEEDED) return [well('tmux', said)];
  return [fault('tmux', `is ${said}`, `install tmux ${TMUX_NEEDED} or later`)];
};

export const lookAtGit: Look = async ({ env, config }) => {
  if (config.quick === null) return [];
  const said = await versionOf('git', ['--version'], env);
  if (said !== null) return [well('git', said)];
  return [
    fault('git', 'is not in PATH', 'install git, which quick tasks need, or unset REPOS_ROOT and WORKTREES_ROOT'),
  ];
};

async function versionOf(program: string, args: readonly string[], env: Patient['env']): Promise<string | null> {
  const options = { env: { PATH: env['PATH'] ?? '' }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const answer = await runProgram(program, args, options).catch(() => null);
  return answer === null || answer.code !== 0 ? null : answer.stdout.trim();
}

export const lookAtDisk: Look = async ({ config, machine }) => {
  const folders = { DATA_DIR: config.dirs.data, WORKSPACES_ROOT: config.dirs.workspaces };
  const found = await Promise.all(
    Object.entries(folders).map(async ([name, folder]) => ({ name, free: await machine.freeBytes(folder) })),
  );
  const full = found.filter(({ free }) => free < FREE_NEEDED);
  if (full.length === 0) return [well('disk', found.map(({ name, free }) => `${name} ${toGb(free)} free`).join(', '))];
  return full.map(({ name, free }) =>
    fault('disk', `${name} has ${toGb(free)} left`, `free some space, or move ${name} to a larger disk`),
  );
};

export const lookAtMemory: Look = ({ config, machine }) => {
  const free = machine.freeMemory();
  const needed = config.limits.maxLiveSessions * AGENT_BYTES;
  if (free >= needed) return [well('memory', `${toGb(free)} free`)];
  const remedy = `lower MAX_LIVE_SESSIONS to ${Math.max(1, Math.floor(free / AGENT_BYTES))}, or free some memory`;
  return [
    note('memory', `${toGb(free)} free, and ${config.limits.maxLiveSessions} live agents take ${toGb(needed)}`, remedy),
  ];
};

/** What the gateway wrote last is in the past, or the clock was turned back: budgets, ages and time-outs are wrong then. */
export const lookAtClock: Look = async ({ config, machine }) => {
  const file = path.join(config.dirs.data, 'gatehouse.db');
  const written = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const now = machine.now();
  if (written <= now + 60_000) return [well('clock', new Date(now).toISOString())];
  return [
    fault('clock', `is before the last write of ${file}`, 'set the clock of this machine: timedatectl set-ntp true'),
  ];
};

export const lookAtPorts: Look = async ({ config, isRunning }) => {
  if (isRunning) return [well('ports', 'are those of the running gateway')];
  const taken = await Promise.all(toDoors(config).map(async (door) => ((await isFree(door)) ? [] : [door])));
  const faults = taken
    .flat()
    .map(({ variable, host, port }): Finding =>
      fault(
        'ports',
        `${port} on ${host} is taken by another program`,
        `stop that program, or set ${variable} to another port`,
      ),
    );
  return faults.length > 0 ? faults : [well('ports', 'are free')];
};

interface Door {
  readonly variable: string;
  readonly host: string;
  readonly port: number;
}

function toDoors({ http, taskApi, agent, metrics }: Config): readonly Door[] {
  const doors = [
    ...(http.enabled ? [{ variable: 'HTTP_API_PORT', host: http.host, port: http.port }] : []),
    ...(taskApi.enabled ? [{ variable: 'TASK_API_PORT', host: taskApi.host, port: taskApi.port }] : []),
    { variable: 'AGENT_HOOK_PORT', host: '127.0.0.1', port: agent.hookPort },
    ...(metrics.port === null ? [] : [{ variable: 'METRICS_PORT', host: metrics.host, port: metrics.port }]),
  ];
  return doors.filter(({ port }) => port !== 0);
}

function isFree({ host, port }: Door): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}

function toGb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
