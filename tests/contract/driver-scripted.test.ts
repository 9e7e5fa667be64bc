import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import type { Rule } from '../helpers/scripted-agent/script.ts';
import { describeDriver } from './driver.contract.ts';
import { REFUSED, STREAMED, type ScriptedProgram } from './driver-fixtures.ts';

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
    release: (prompt, answer) => agent.release(prompt.replace('hold ', ''), answer),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

describeDriver('the claude driver over the scripted agent', openScripted);
