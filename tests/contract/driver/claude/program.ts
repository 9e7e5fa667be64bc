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
  const model = await startScriptedModel((prompt) => {
    if (prompt.startsWith('hold')) {
      const gate = Promise.withResolvers<string>();
      held.set(prompt.trimEnd(), gate);
      return gate.promise;
    }
    if (prompt.startsWith('background')) {
      const job = { command: 'sleep 30', run_in_background: true, description: 'a job' };
      return { tool: 'Bash', input: job, answer: 'It runs.' };
    }
    const input = { file_path: path.join(folder, prompt.trim().replaceAll(' ', '-')), content: 'x' };
    return prompt.startsWith('write') ? { tool: 'Write', input, answer: REFUSED } : `echo: ${prompt}`;
  });
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
    release: (prompt, answer) => held.get(prompt)?.resolve(answer),
    async close() {
      for (const gate of held.values()) gate.resolve('too late');
      await proxy.close();
      await model.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
