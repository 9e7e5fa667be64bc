import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { runCrash, type CrashReport } from './crash-run.ts';
import { findBroken, toWord } from './invariants.ts';
import { createOutcomes } from './outcomes.ts';
import { KINDS, POINTS, type Kind, type Point } from './points.ts';
import { createScenario, RULES } from './scenario.ts';

/** How many crashes in each cell, and the first of their seeds. */
const SEEDS = Number(process.env['CRASH_SEEDS'] ?? 25);
const FIRST_SEED = Number(process.env['CRASH_FIRST_SEED'] ?? 1);
/** Gateways that live at the same time. */
const AT_ONCE = Number(process.env['CRASH_AT_ONCE'] ?? 3);
const RUN_MS = 120_000;
const LOG_LINES = 60;

const cells = (Object.keys(POINTS) as Point[]).flatMap((point) => KINDS.map((kind) => [point, kind] as const));

describe(`kill -9, with ${SEEDS} seeds each: every accepted request ends as the restart table says, none runs twice`, () => {
  const outcomes = createOutcomes();
  let folder: string;
  let agent: InstalledAgent;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    agent = await installScriptedAgent(folder, RULES);
  });

  afterAll(async () => {
    process.stdout.write(`\n${outcomes.table()}\n\n`);
    await rm(folder, { recursive: true, force: true });
  });

  test.each(cells)(
    '%s, %s',
    async (point, kind) => {
      const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST_SEED + index);
      const broken: string[] = [];
      const work = async (): Promise<void> => {
        for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
          broken.push(...(await crashOnce(point, kind, seed)));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(broken.join('\n\n')).toBe('');
    },
    RUN_MS + SEEDS * RUN_MS,
  );

  async function crashOnce(point: Point, kind: Kind, seed: number): Promise<string[]> {
    const name = `${point}, ${kind}, seed ${seed}`;
    try {
      const report = await runCrash(agent, createScenario(point, kind, seed));
      outcomes.add(report);
      const broken = findBroken(report);
      return broken.length === 0 ? [] : [`${name}:\n${broken.join('\n')}\n${toEvidence(report)}`];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.stack : String(error)}`];
    }
  }
});

function toEvidence({ scenario, accepted, found, journal, log }: CrashReport): string {
  const lines = (title: string, all: readonly string[]): string => [`-- ${title}`, ...all].join('\n');
  return [
    lines('plan', [JSON.stringify(scenario.plan)]),
    lines(
      'found after the crash',
      found.map((row) => JSON.stringify({ ...row, prompt: row.prompt.slice(0, 40) })),
    ),
    lines(
      'ends',
      accepted.map(({ request, id, status }) => `${request.mark} ${id} (${request.cancel}): ${toWord(status)}`),
    ),
    lines(
      'journal',
      journal.map(({ event, at, prompt }) => `${new Date(at).toISOString()} ${event} ${prompt.slice(0, 40)}`),
    ),
    lines('log', log.trimEnd().split('\n').slice(-LOG_LINES)),
  ].join('\n');
}
