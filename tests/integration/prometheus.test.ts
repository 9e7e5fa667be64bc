import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../helpers/free-port.ts';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { findInPath } from '../helpers/in-path.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';
import { readAlertQueries, readBoardQueries } from '../helpers/watch-files.ts';

const prometheus = findInPath('prometheus');
const name = prometheus === null ? 'a real Prometheus (none is in PATH: skipped)' : 'a real Prometheus';

/** Asks for what did not happen here: it is told in no series. */
const MAY_BE_EMPTY = /deliver|state!=|approval_seconds|approvals_opened|log_lines|tokens|cost_usd/;

interface Result {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly unknown[] };
}

(prometheus === null ? describe.skip : describe)(name, () => {
  let house: GatewayHouse;
  let program: ChildProcess;
  let folder: string;
  let url: string;

  const ask = async (query: string): Promise<Result> =>
    (await (await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`)).json()) as Result;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-prometheus-'));
    const [metricsPort, port] = [await findFreePort(), await findFreePort()];
    house = await openGatewayHouse({
      agent: await installScriptedAgent(folder),
      env: { METRICS_PORT: String(metricsPort) },
    });
    await house.start().ready();
    const json = { workspace: 'demo', command: 'Say hello' };
    await house.call('POST', '/execute', { json, headers: { prefer: 'wait=60' } });
    const settings = readFileSync('docker/prometheus.yml', 'utf8')
      .replace('gatehouse:9464', `127.0.0.1:${metricsPort}`)
      .replace('scrape_interval: 15s', 'scrape_interval: 1s\n  evaluation_interval: 1s')
      .replace('/etc/prometheus/alerts.yml', path.resolve('docker/alerts.yml'));
    writeFileSync(path.join(folder, 'prometheus.yml'), settings);
    url = `http://127.0.0.1:${port}`;
    program = spawn(
      prometheus ?? '',
      [
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await until(async () => {
      const scraped = await ask('count_over_time(up{job="gatehouse"}[1m]) > 3').catch(() => null);
      return scraped !== null && scraped.data.result.length > 0;
    });
  });

  afterAll(async () => {
    const gone = once(program, 'exit');
    program.kill('SIGTERM');
    await gone;
    await house.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('reads the metrics', async () => {
    expect((await ask('up{job="gatehouse"} == 1')).data.result).toHaveLength(1);
  });

  test.each(readBoardQueries())('answers the board: $name, $query', async ({ query }) => {
    const { status, error } = await ask(query);
    expect([status, error]).toEqual(['success', undefined]);
    // A scrape that was too late leaves nothing behind, until the next one.
    if (!MAY_BE_EMPTY.test(query)) await until(async () => (await ask(query)).data.result.length > 0);
  });

  test.each(readAlertQueries())('understands the alert $name', async ({ query }) => {
    const { status, error } = await ask(query);
    expect([status, error]).toEqual(['success', undefined]);
  });

  test('has loaded every alert, and none comes while all is well', async () => {
    type Rules = { readonly data: { readonly groups: readonly { readonly rules: readonly Rule[] }[] } };
    type Rule = { readonly name: string; readonly health: string; readonly state: string };
    let rules: readonly Rule[] = [];
    await until(async () => {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as Rules;
      rules = data.groups.flatMap((group) => group.rules);
      return rules.every(({ health }) => health === 'ok');
    });
    expect(rules.map((rule) => rule.name)).toEqual(readAlertQueries().map((alert) => alert.name));
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  });
});
