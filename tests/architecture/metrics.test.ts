import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createFakeGateway } from '../helpers/fake-gateway/fake-gateway.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { readAlertQueries, readBoardQueries } from '../helpers/watch-files.ts';

/** The metrics of the gateway by their names, without what the parts of a histogram add. */
async function readNames(): Promise<readonly string[]> {
  const meter = createMetrics('1.2.3');
  const { sessions, health, events } = createFakeGateway();
  const store = {
    readBacklog: async () => ({ queued: [], running: [], owed: [] }),
    listApprovals: async () => ({ approvals: [], total: 0 }),
    readSizes: async () => ({}),
    ...{
      readRequest: async () => null,
      readApproval: async () => null,
      readEventSpan: async () => ({ first: 1, last: 0 }),
    },
  };
  await meter.watch({ sessions, health, events, store, now: () => 0 }, new AbortController().signal);
  const { text } = await meter.read();
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
}

test('docs/metrics.md names every metric of the gateway, and no other', async () => {
  const own = (await readNames()).filter((name) => name.startsWith('gatehouse_'));
  const rows = readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \|/gm);
  const listed = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z_]+)`/g)].map(([, name]) => `gatehouse_${name}`),
  );
  expect(listed.toSorted()).toEqual(own.toSorted());
});

test('docs/metrics.md says of every alert what to do, and of no other', () => {
  const rows = readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(Gatehouse[A-Za-z]+)` \|/gm);
  expect([...rows].map(([, name]) => name)).toEqual(readAlertQueries().map(({ name }) => name));
});

test('the board and the alerts ask for metrics that there are', async () => {
  const names = new Set(await readNames());
  const asked = [...readBoardQueries(), ...readAlertQueries()].flatMap(({ query }) => [
    ...(query.match(/\b(?:gatehouse|nodejs|process)_[a-z0-9_]+/g) ?? []),
  ]);
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((name) => !names.has(name.replace(/_(bucket|count|sum)$/, '')) && !names.has(name))).toEqual([]);
});
