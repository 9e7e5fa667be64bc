import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { claudeProgram, claudeVersion } from '../../../helpers/claude-program.ts';
import { startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { startScriptedModel } from '../../../helpers/scripted-model.ts';
import { REFUSED, STREAMED, type DescribePart, type ScriptedProgram } from '../fixtures.ts';

/** One part of the contract, kept by the driver over the real CLI. */
export function overClaude(describePart: DescribePart): void {
  describe('the claude driver over the real CLI', () => describePart(openClaude, 'claude'));
}

/** The real CLI, and a model that answers by the words of a prompt. */
export async function openClaude(): Promise<ScriptedProgram> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-forbidden-'));
  const held = new Map<string, PromiseWithResolvers<string>>();
  const model = await startScriptedModel(
    (prompt, said) => {
      if (prompt.startsWith('hold behind') && !said.includes('THE TOOL RAN'))
        return { tool: 'Bash', input: { command: 'echo THE TOOL RAN', description: 'a tool' }, answer: '' };
      if (prompt.startsWith('hold')) {
        const gate = Promise.withResolvers<string>();
        held.set(prompt.trimEnd(), gate);
        return gate.promise;
      }
      if (prompt.startsWith('background')) {
        const job = { command: 'sleep 600', run_in_background: true, description: 'a job' };
        return { tool: 'Bash', input: job, answer: 'It runs.' };
      }
      if (prompt.startsWith('tools')) {
        const uses = ['one', 'two'].map((word) => ({ command: `echo ${word}`, description: word }));
        return { tools: uses.map((input) => ({ tool: 'Bash', input })), answer: 'They ran.' };
      }
      if (prompt.startsWith('delegate')) {
        const kind = { subagent_type: 'general-purpose', run_in_background: false };
        const task = { description: 'a task', prompt: 'tools of a subagent', ...kind };
        return { tool: 'Agent', input: task, answer: 'It is done.' };
      }
      const input = { file_path: path.join(folder, prompt.trim().replaceAll(' ', '-')), content: 'x' };
      return prompt.startsWith('write') ? { tool: 'Write', input, answer: REFUSED } : `echo: ${prompt}`;
    },
    undefined,
    'each answer',
  );
  const proxy = await startFaultyProxy(model.url, (prompt) =>
    prompt.startsWith('stream') ? { kind: 'stall', said: STREAMED } : null,
  );
  return {
    bin: claudeProgram(),
    version: claudeVersion(),
    extraArgs: [],
    baseUrl: proxy.url,
    prompts: () => model.prompts,
    knew: (prompt) => model.knew(prompt),
    charged: () => model.charged(),
    holds: (prompt) => held.has(prompt),
    release: (prompt, answer) => held.get(prompt)?.resolve(answer),
    async close() {
      for (const gate of held.values()) gate.resolve('too late');
      await proxy.close();
      await model.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
