import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { installScriptedAgent } from '../../../helpers/scripted-agent/install.ts';
import type { Rule } from '../../../helpers/scripted-agent/script.ts';
import { REFUSED, STREAMED, type DescribePart, type ScriptedProgram } from '../fixtures.ts';

/** One part of the contract, kept by the driver over the scripted agent. */
export function overScripted(describePart: DescribePart): void {
  describe('the claude driver over the scripted agent', () => describePart(openScripted, 'claude'));
}

async function openScripted(): Promise<ScriptedProgram> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-scripted-'));
  const write = { tool: 'Write', input: { file_path: path.join(folder, 'x'), content: 'x' }, denied: REFUSED };
  const rules: readonly Rule[] = [
    { match: '^hold (.*)', do: { hold: path.join(folder, 'gates', '{1}') } },
    { match: '^stream', do: { first: STREAMED, hang: true } },
    { match: '^background', do: { text: 'It runs.', background: { ms: 30_000, text: 'It ended.' } } },
    { match: '^write', do: { ask: write } },
  ];
  const agent = await installScriptedAgent(folder, rules);
  return {
    ...agent,
    version: '2.1.332',
    baseUrl: null,
    knew: () => null,
    charged: () => null,
    holds: (prompt) => agent.prompts().includes(prompt),
    release: (prompt, answer) => agent.release(prompt.replace('hold ', ''), answer),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
