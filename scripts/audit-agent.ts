// `npm run agent:audit -- 2.1.340`: judges a version of Claude Code before it is pinned. Installs it into a folder of its own,
// runs the driver's contract (screens, dialogs, hooks, the way in) and the faults on it, and prints what differs from the
// pinned one. Exit code 1 when something does that the driver relies on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAgentSuites } from './agent-suites.ts';
import { listFailures, type Report } from './audit-report.ts';
import { installAgent } from './install-agent.ts';
import { readSettingsKeys } from './read-settings-keys.ts';

const USAGE = `npm run agent:audit -- <version>

  npm run agent:audit -- 2.1.340   what differs from the pinned version; some ten minutes`;

const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-audit-'));
try {
  process.exitCode = audit(version) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** True when nothing differs that the driver relies on. */
function audit(candidate: string): boolean {
  const program = installAgent(candidate, path.join(folder, candidate));
  const pinned = pinnedProgram();
  say(`Claude Code ${candidate}, beside the pinned ${askVersion(pinned)}`);
  sayDifferences('options of its command line', optionsOf(pinned), optionsOf(program));
  sayDifferences('keys of its settings', readSettingsKeys(pinned), readSettingsKeys(program));
  const report = path.join(folder, 'report.json');
  runAgentSuites(program, report);
  return sayFailures(JSON.parse(readFileSync(report, 'utf8')) as Report);
}

function sayFailures(report: Report): boolean {
  const failed = listFailures(report);
  say(`\n${report.numPassedTests} promises hold, ${failed.length} do not`);
  for (const one of failed) say(`\n- ${one}`);
  return failed.length === 0;
}

function sayDifferences(what: string, before: readonly string[], after: readonly string[]): void {
  const added = after.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !after.includes(one));
  say(`\n${what}: ${added.length} new, ${gone.length} gone`);
  for (const one of added) say(`  + ${one}`);
  for (const one of gone) say(`  - ${one}`);
}

function optionsOf(program: string): readonly string[] {
  const { stdout } = spawnSync(program, ['--help'], { encoding: 'utf8', env: ownHome() });
  return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map((found) => found[1] ?? '');
}

function askVersion(program: string): string {
  return spawnSync(program, ['--version'], { encoding: 'utf8', env: ownHome() }).stdout.split(' ')[0] ?? '';
}

/** It writes into its home even for a question. */
function ownHome(): NodeJS.ProcessEnv {
  return { ...process.env, HOME: folder, DISABLE_AUTOUPDATER: '1' };
}

function pinnedProgram(): string {
  const manifest = createRequire(import.meta.url).resolve('@anthropic-ai/claude-code/package.json');
  return path.join(path.dirname(manifest), 'bin', 'claude.exe');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
