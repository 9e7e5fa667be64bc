import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { processesWith } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';
import {
  createRepositoryRig,
  findLeftOvers,
  lookAtCheckout,
  never,
  type RepositoryRig,
} from '../helpers/repository-rig.ts';

let rig: RepositoryRig;

beforeEach(() => {
  rig = createRepositoryRig();
});
afterEach(() => rig[Symbol.dispose]());

/** Stands in the place of git: counts its calls, and kills whoever called at the one that is named, before or behind it. */
const KILLER = `#!/bin/sh
n=$(ls "$CALLS" | wc -l)
: >"$CALLS/$n"
if [ "$n" = "$KILL_AT" ] && [ "$KILL_WHEN" = before ]; then kill -9 "$(cat "$CALLER")"; sleep 2; exit 1; fi
if [ "$n" = "$KILL_AT" ] && [ "$KILL_WHEN" = during ]; then (sleep 0.01; kill -9 "$(cat "$CALLER")") & fi
"$REAL_GIT" "$@"
code=$?
if [ "$n" = "$KILL_AT" ] && [ "$KILL_WHEN" = behind ]; then kill -9 "$(cat "$CALLER")"; sleep 2; exit 1; fi
exit $code
`;

/** More than either takes. */
const CALLS_MAX = 14;
const STEPS = Array.from({ length: CALLS_MAX }, (_, at) => at).flatMap((at) =>
  (['before', 'during', 'behind'] as const).map((when) => ({ at, when })),
);

describe.each(['add', 'remove'] as const)('a process that is killed in %s', (what) => {
  test('leaves nothing after a sweep, at whatever call of git it is killed', async () => {
    writeFileSync(rig.at('killer'), KILLER, { mode: 0o755 });
    const killed = await mapSome(STEPS, 6, async (step, at) => {
      const repo = `o/r${at}`;
      const root = rig.create(repo);
      const before = lookAtCheckout(root);
      const id = `quick-${100 + at}`;
      if (what === 'remove') await rig.add(repo, id);
      const wasKilled = await runAndKill(what, repo, id, step);
      expect(lookAtCheckout(root)).toBe(before);
      return wasKilled ? `${step.when} ${step.at}` : null;
    });
    // Three calls at least, each killed before and behind it; the last ones were not reached, for there are fewer. A short
    // call may be over before its kill comes.
    expect(killed.filter((step) => step !== null).length).toBeGreaterThanOrEqual(6);
    expect(killed.at(-1)).toBeNull();

    const swept = await rig.open().sweep([], never);
    expect(swept.failed).toEqual([]);
    expect(swept.kept).toEqual([]);
    for (const at of STEPS.keys()) {
      const root = rig.at('repos', 'o', `r${at}`);
      expect(findLeftOvers(rig, root)).toEqual([]);
      rig.git(root, 'fsck', '--strict');
    }
    expect(processesWith(rig.path)).toEqual([]);
    // And the ids are free again.
    await rig.open().add({ repo: 'o/r0', id: 'quick-100' }, new AbortController().signal);
  }, 240_000);

  async function runAndKill(
    doing: string,
    repo: string,
    id: string,
    step: { readonly at: number; readonly when: string },
  ): Promise<boolean> {
    const folder = rig.at(`run-${id}`);
    for (const name of ['bin', 'calls']) mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, 'bin', 'git'), readFileSync(rig.at('killer')), { mode: 0o755 });
    const settings = rig.settings();
    const PATH = settings.env['PATH'] ?? '';
    const env = {
      ...settings.env,
      PATH: `${path.join(folder, 'bin')}:${PATH}`,
      REAL_GIT: findGit(PATH),
      CALLS: path.join(folder, 'calls'),
      CALLER: path.join(folder, 'pid'),
      KILL_AT: String(step.at),
      KILL_WHEN: step.when,
    };
    const program = path.resolve('tests/helpers/worktree-process.ts');
    const child = spawn(process.execPath, [program, JSON.stringify({ ...settings, env }), doing, repo, id], {
      stdio: 'ignore',
    });
    writeFileSync(path.join(folder, 'pid'), String(child.pid));
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (signal === null) expect(code).toBe(0);
    // What it had started ends by itself.
    await until(() => processesWith(folder).length === 0);
    return signal === 'SIGKILL';
  }
});

function findGit(searchPath: string): string {
  const folder = searchPath.split(':').find((one) => existsSync(path.join(one, 'git')));
  return path.join(folder ?? '', 'git');
}

async function mapSome<T, R>(
  items: readonly T[],
  max: number,
  work: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      results[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: max }, one));
  return results;
}
