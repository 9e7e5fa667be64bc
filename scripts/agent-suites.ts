import { spawnSync } from 'node:child_process';

/** What a version of Claude Code has to pass: the driver's contract with the real program, and the faults. */
const SUITES = [
  'tests/contract/driver/claude(-print)?/',
  'tests/e2e/faults-',
  'tests/crash/ends-restart',
  'tests/e2e/approvals',
  'tests/e2e/main-job',
  'tests/e2e/traces-agent',
  'tests/integration/scripted-agent',
];

/** Runs them with this program; the exit code is jest's. `report`: a file for its findings as JSON. */
export function runAgentSuites(program: string, report: string | null = null): number {
  // Said anew, for jest by itself leaves the long suites out.
  const all = ['--testPathIgnorePatterns', '/node_modules/', '--testPathPatterns', SUITES.join('|')];
  const jest = ['run', '--silent', 'jest', '--', '--maxWorkers', '2', ...all];
  const json = report === null ? [] : ['--json', '--outputFile', report];
  const env = { ...process.env, TEST_CLAUDE_BIN: program };
  return spawnSync('npm', [...jest, ...json], { env, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}
