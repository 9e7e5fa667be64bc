import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { refuseSilencing } from '../../agents/claude/driver/pins.ts';
import { readOtherSettings } from '../../agents/program/files/other-settings.ts';
import { readPrices } from '../../agents/program/prices/read-prices.ts';
import { createReadVersion } from '../../agents/program/versions/read-version.ts';
import { TESTED_VERSIONS, toWarning } from '../../agents/program/versions/versions.ts';
import { readAgentEnvironment } from '../../config/agent-environment.ts';
import { ConfigError } from '../../config/config.ts';
import { HooksFileError, readHooksFile } from '../../hooks/file/read-hooks.ts';
import { fault, type Finding, type Look, note, well } from './finding.ts';

export const lookAtProgram: Look = async ({ config: { agent } }) => {
  const { bin } = agent;
  const runs =
    bin !== null &&
    (await access(bin, constants.X_OK).then(
      () => true,
      () => false,
    ));
  if (!runs) return [fault('claude', 'Claude Code is not installed', 'run npm ci, or set CLAUDE_BIN to its program')];
  const version = await createReadVersion(readAgentEnvironment(agent.home))(bin);
  if (version === null)
    return [
      fault(
        'claude',
        `${bin} does not say its version`,
        'run npm ci again, or set CLAUDE_BIN to a Claude Code that runs',
      ),
    ];
  if (toWarning(version) === null) return [well('claude', version)];
  const tested = TESTED_VERSIONS.join(' and ');
  return [
    note(
      'claude',
      `${version} was not tested with this gateway`,
      `unset CLAUDE_BIN, which gives a tested one (${tested})`,
    ),
  ];
};

/** That there are some; never what they are. */
export const lookAtCredentials: Look = async ({ config: { agent } }) => {
  const { apiKey, oauthToken } = agent.credentials;
  if (apiKey !== null) return [well('credentials', 'ANTHROPIC_API_KEY is set')];
  if (oauthToken !== null) return [well('credentials', 'CLAUDE_CODE_OAUTH_TOKEN is set')];
  const login = path.join(agent.home, '.claude', '.credentials.json');
  const there = await stat(login).catch(() => null);
  if (there !== null) return [well('credentials', 'AGENT_HOME has a login')];
  return [
    fault(
      'credentials',
      'there are none for Claude',
      'set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, or point AGENT_HOME at a home with a login',
    ),
  ];
};

const SETTINGS = ['settings.json', 'settings.local.json'] as const;

/** The home and each workspace: files that the CLI cannot read stop it at a dialog, and some keys silence its hooks. */
export const lookAtSettings: Look = async ({ config: { agent, dirs } }) => {
  const names = await readdir(dirs.workspaces).catch(() => []);
  const places = [agent.home, ...names.map((name) => path.join(dirs.workspaces, name))];
  const broken = (await Promise.all(places.map(findBroken))).flat();
  const silenced = (await Promise.all(places.map((place) => findSilencing(agent.home, place)))).flat();
  const faults = [
    ...broken,
    ...silenced.filter(({ found }, at) => silenced.findIndex((one) => one.found === found) === at),
  ];
  return faults.length > 0 ? faults : [well('settings', `of ${places.length} folders keep nothing from the gateway`)];
};

async function findBroken(place: string): Promise<readonly Finding[]> {
  const files = SETTINGS.map((name) => path.join(place, '.claude', name));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8').catch(() => '{}');
      return isJson(text) ? [] : [fault('settings', `${file} is no JSON`, `repair or remove ${file}`)];
    }),
  );
  return found.flat();
}

async function findSilencing(home: string, place: string): Promise<readonly Finding[]> {
  try {
    refuseSilencing(await readOtherSettings(home, place));
    return [];
  } catch (error) {
    return [
      fault('settings', error instanceof Error ? error.message : String(error), 'take that key out of that file'),
    ];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const lookAtHooks: Look = async ({ config: { hooks } }) => {
  if (hooks.file === null) return [];
  try {
    const entries = await readHooksFile(hooks.file);
    return [well('hooks', `${entries.length} in ${hooks.file}`)];
  } catch (error) {
    const problems = error instanceof HooksFileError ? error.problems : [String(error)];
    return problems.map((problem) =>
      fault('hooks', `${hooks.file}: ${problem}`, 'correct HOOKS_FILE, and try each hook with gatehouse hooks test'),
    );
  }
};

export const lookAtPrices: Look = async ({ config: { agent } }) => {
  if (agent.pricesFile === null) return [];
  try {
    await readPrices(agent.pricesFile);
    return [well('prices', agent.pricesFile)];
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [String(error)];
    return problems.map((problem) => fault('prices', problem, 'correct PRICES_FILE, or unset it'));
  }
};
