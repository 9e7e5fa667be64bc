import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PASSED_ON } from '../../src/config/agent-environment.ts';
import { VARIABLES } from '../../src/config/env.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';

const parent = readFileSync('docker/parent', 'utf8');
const agent = readFileSync('docker/agent', 'utf8');
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');
const { services, volumes } = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  readonly services: { readonly gatehouse: Service; readonly prometheus: Service; readonly grafana: Service };
  readonly volumes: Readonly<Record<string, null>>;
};

interface Service {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period: string;
}

test('the container shows agents of the environment what the gateway would', () => {
  const list = /SHOWN_TO_AGENTS=\(([^)]*)\)/.exec(agent)?.[1] ?? '';
  const set = ['HOME', 'USER', 'LOGNAME', 'SHELL'].filter((name) => agent.includes(` ${name}=`));
  const shown = [...list.trim().split(/\s+/), ...set].filter((name) => name !== 'HOME');
  expect(shown.toSorted()).toEqual([...PASSED_ON].toSorted());
});

test('the container shows agents no setting, not even before a command has become theirs', () => {
  using folder = createTempFolder();
  // Stands where the user is changed, and tells what is known there.
  writeFileSync(join(folder.path, 'setpriv'), '#!/bin/sh\nenv\n', { mode: 0o755 });
  const env = {
    PATH: `${folder.path}:${process.env['PATH']}`,
    AGENT_HOME: '/home/agent',
    HTTP_API_KEY: 'k',
    TZ: 'UTC',
  };
  const { stdout } = spawnSync('bash', ['docker/agent', 'true'], { encoding: 'utf8', env });
  expect(stdout).toMatch(/^TZ=UTC$/m);
  expect(stdout).not.toContain('HTTP_API_KEY');
});

test('the container tells the steward all settings that it reads, and no others', () => {
  const read = ['AGENT_HOME', 'WORKSPACES_ROOT', 'STEWARD_SOCKET'];
  const ofQuickTasks = ['REPOS_ROOT', 'WORKTREES_ROOT', 'GIT_TIMEOUT_MS', 'GIT_REMOTE_TIMEOUT_MS'];
  const list = /SHOWN_TO_STEWARD=\(([^)]*)\)/.exec(agent)?.[1] ?? '';
  expect(list.trim().split(/\s+/)).toEqual([...read, ...ofQuickTasks]);
  using folder = createTempFolder();
  writeFileSync(join(folder.path, 'setpriv'), '#!/bin/sh\nenv\n', { mode: 0o755 });
  const settings = Object.fromEntries([...read, ...ofQuickTasks].map((name) => [name, `/of/${name}`]));
  const env = { ...settings, PATH: `${folder.path}:${process.env['PATH']}` };
  const { stdout } = spawnSync('bash', ['docker/agent', 'true'], { encoding: 'utf8', env });
  for (const [name, value] of Object.entries(settings)) expect(stdout).toContain(`${name}=${value}\n`);
});

test('the folders of quick tasks are volumes that the image gives to the agents’ user', () => {
  const made = /install -d -m 0700 -o agent -g agent (\/repos \/worktrees)/.exec(dockerfile)?.[1] ?? '';
  const mounted = services.gatehouse.volumes.map((volume) => volume.split(':')[1] ?? '');
  expect(made.split(' ').filter((folder) => !mounted.includes(folder))).toEqual([]);
  const used = Object.values(services).flatMap((service) =>
    service.volumes.map((volume) => volume.split(':')[0] ?? ''),
  );
  expect(Object.keys(volumes)).toEqual(used.filter((source) => !source.startsWith('.')));
});

test('settings of the container are settings of the gateway, and .env does not change them', () => {
  const image = [...dockerfile.matchAll(/^ {2}([A-Z_]+)=(\S+)/gm)].map(([, name, value]) => [name, value]);
  const own = image.filter(([name]) => name !== undefined && name in VARIABLES);
  expect(Object.entries(services.gatehouse.environment).map(([name, value]) => [name, String(value)])).toEqual(own);
});

test.each(['', 'true', 'True', '1'])('the health check looks when HTTP_API_ENABLED is "%s"', (enabled) => {
  // Nothing listens on port 1.
  const env = { HTTP_API_ENABLED: enabled, HTTP_API_PORT: '1' };
  expect(spawnSync('bash', ['docker/healthcheck'], { env }).status).toBe(1);
});

test.each(['false', 'False', '0'])(
  'the health check has nothing to look at when HTTP_API_ENABLED is "%s"',
  (enabled) => {
    const env = { HTTP_API_ENABLED: enabled, HTTP_API_PORT: '1' };
    expect(spawnSync('bash', ['docker/healthcheck'], { env }).status).toBe(0);
  },
);

test('Docker gives the gateway longer to stop than the gateway takes', () => {
  const graceMs = Number.parseInt(services.gatehouse.stop_grace_period, 10) * 1_000;
  const leaveMs = Number(/LEAVE_MAX=(\d+)/.exec(parent)?.[1]) * 1_000;
  expect(graceMs).toBeGreaterThan(Number(VARIABLES.DRAIN_TIMEOUT_MS.default) + leaveMs);
});

test('what Prometheus and Grafana are given is there, where its own settings look for it', () => {
  const files = [...services.prometheus.volumes, ...services.grafana.volumes]
    .map((volume) => volume.split(':'))
    .filter(([source = '']) => source.startsWith('.'));
  expect(files.filter(([source = '']) => !existsSync(source))).toEqual([]);
  const targets = files.map(([, target]) => target);
  const { rule_files: rules } = parse(readFileSync('docker/prometheus.yml', 'utf8')) as { rule_files: string[] };
  expect(targets).toEqual(expect.arrayContaining(rules));
  const { providers } = parse(readFileSync('docker/grafana-dashboards.yml', 'utf8')) as {
    providers: { options: { path: string } }[];
  };
  expect(targets).toContain(`${providers[0]?.options.path}/gatehouse.json`);
});

test('Prometheus reads the port at which the container has its metrics, which is not published', () => {
  const { scrape_configs: jobs } = parse(readFileSync('docker/prometheus.yml', 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  expect(jobs[0]?.static_configs[0]?.targets).toEqual([`gatehouse:${services.gatehouse.environment['METRICS_PORT']}`]);
  const published = Object.values(services).flatMap(({ ports = [] }) => ports);
  expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  expect(published.filter((port) => port.endsWith(':9464'))).toEqual([]);
});
