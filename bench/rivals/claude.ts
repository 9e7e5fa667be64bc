import { mkdir } from 'node:fs/promises';
import { seedAgentHome } from '../../src/agents/program/files/agent-home.ts';
import { readConfig } from '../../src/config/config.ts';
import { AGENT, MODEL_KEY } from '../gateway.ts';
import type { Environment, Place } from '../place.ts';

/** Claude Code with a home of its own, in which no first-run dialog is left. */
export interface Claude {
  readonly bin: string;
  readonly cwd: string;
  readonly env: Environment;
}

export async function prepareClaude(place: Place, modelUrl: string, name = 'hand'): Promise<Claude> {
  const { bin } = readConfig(AGENT).agent;
  if (bin === null) throw new Error('Claude Code is not installed: npm ci');
  const [home, cwd] = [place.path(`${name}-home`), place.path(`${name}-work`)];
  await mkdir(cwd);
  await seedAgentHome(home, cwd, MODEL_KEY);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    NO_PROXY: '127.0.0.1',
    ANTHROPIC_API_KEY: MODEL_KEY,
    ANTHROPIC_BASE_URL: modelUrl,
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
  return { bin, cwd, env };
}

/** A process for each prompt. */
export function printAnswer(place: Place, { bin, env }: Claude, prompt: string): Promise<string> {
  return place.run([bin, '-p', prompt], env);
}
