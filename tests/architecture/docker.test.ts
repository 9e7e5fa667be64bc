import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PASSED_ON } from '../../src/config/agent-environment.ts';
import { VARIABLES } from '../../src/config/env.ts';

const parent = readFileSync('docker/parent', 'utf8');
const dockerfile = readFileSync('docker/Dockerfile', 'utf8');
const { services } = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  readonly services: { readonly gatehouse: Service };
};

interface Service {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly stop_grace_period: string;
}

test('the parent shows agents of the environment what the gateway would', () => {
  const list = /SHOWN_TO_AGENTS=\(([^)]*)\)/.exec(parent)?.[1] ?? '';
  const set = ['HOME', 'USER', 'LOGNAME', 'SHELL'].filter((name) => parent.includes(` ${name}=`));
  const shown = [...list.trim().split(/\s+/), ...set].filter((name) => name !== 'HOME');
  expect(shown.toSorted()).toEqual([...PASSED_ON].toSorted());
});

test('settings of the container are settings of the gateway, and .env does not change them', () => {
  const image = [...dockerfile.matchAll(/^ {2}([A-Z_]+)=(\S+)/gm)].map(([, name, value]) => [name, value]);
  const own = image.filter(([name]) => name !== undefined && name in VARIABLES);
  expect(Object.entries(services.gatehouse.environment).map(([name, value]) => [name, String(value)])).toEqual(own);
});

test('Docker gives the gateway longer to stop than the gateway takes', () => {
  const graceMs = Number.parseInt(services.gatehouse.stop_grace_period, 10) * 1_000;
  const leaveMs = Number(/LEAVE_MAX=(\d+)/.exec(parent)?.[1]) * 1_000;
  expect(graceMs).toBeGreaterThan(Number(VARIABLES.DRAIN_TIMEOUT_MS.default) + leaveMs);
});
