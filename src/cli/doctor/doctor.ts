import { examine } from '../../compose/doctor/examine.ts';
import { fault, type Finding, note } from '../../compose/doctor/finding.ts';
import { type Config, ConfigError, readConfig } from '../../config/config.ts';
import { withDotEnv } from '../../config/dotenv.ts';
import type { Environment } from '../../config/env.ts';
import type { Terminal } from '../terminal.ts';
import { askGateway } from './ask-gateway.ts';

export interface DoctorOptions {
  readonly json?: true;
  readonly turn?: true;
}

/** Says what is wrong here and the one thing to do for each; 1 when something is. */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<number> {
  const findings = await findAll(options, terminal);
  const faults = findings.filter(({ state }) => state === 'fault');
  if (options.json) terminal.print(JSON.stringify({ healthy: faults.length === 0, findings }));
  else tell(findings, faults.length, terminal);
  return faults.length === 0 ? 0 : 1;
}

async function findAll({ turn = false }: { readonly turn?: boolean }, terminal: Terminal): Promise<readonly Finding[]> {
  const settings = readSettings(terminal);
  if ('problems' in settings) return settings.problems;
  const { findings, runningPid } = await examine(settings.config, settings.env);
  if (runningPid !== null) return [...findings, ...(await askGateway(runningPid, terminal, turn))];
  const start = 'start it: gatehouse serve, or npm start';
  const resting = turn
    ? fault('turn', 'no gateway runs here, so none can be tried', start)
    : note('gateway', 'does not run here', start);
  return [...findings, resting];
}

type Settings = { readonly config: Config; readonly env: Environment } | { readonly problems: readonly Finding[] };

function readSettings({ env: given, folder }: Terminal): Settings {
  try {
    const env = withDotEnv(given, folder);
    return { config: readConfig(env), env };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = 'correct it in the environment or in .env: docs/configuration.md';
    return { problems: error.problems.map((problem) => fault('settings', problem, remedy)) };
  }
}

const SIGNS = { well: '✓', note: '!', fault: '✗' } as const;
const COLOURS = { well: 'green', note: 'yellow', fault: 'red' } as const;

function tell(findings: readonly Finding[], faults: number, terminal: Terminal): void {
  for (const { check, state, found, remedy } of findings) {
    terminal.print(`${terminal.style(COLOURS[state], SIGNS[state])} ${check}: ${found}`);
    if (remedy !== null) terminal.print(`    → ${remedy}`);
  }
  terminal.print(faults === 0 ? 'All is well.' : `${faults} to mend.`);
}
