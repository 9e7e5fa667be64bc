import { claudeProgram } from '../helpers/claude-rig.ts';
import { startScriptedModel } from '../helpers/scripted-model.ts';
import { startStallingProxy } from '../helpers/stalling-proxy.ts';
import { describeDriver } from './driver.contract.ts';
import { REFUSED, STREAMED, type ScriptedProgram } from './driver-fixtures.ts';

/** After an interrupt the CLI says so to the model, in front of the next prompt. */
const AFTER_INTERRUPT = /^\[Request interrupted by user[^\]]*\]\n/;

async function openClaude(): Promise<ScriptedProgram> {
  const held = new Map<string, PromiseWithResolvers<string>>();
  const model = await startScriptedModel((received) => {
    const prompt = received.replace(AFTER_INTERRUPT, '');
    if (prompt.startsWith('hold')) {
      const gate = Promise.withResolvers<string>();
      held.set(prompt.trimEnd(), gate);
      return gate.promise;
    }
    const input = { file_path: '/tmp/gatehouse-forbidden', content: 'x' };
    return prompt.startsWith('write') ? { tool: 'Write', input, answer: REFUSED } : `echo: ${prompt}`;
  });
  const proxy = await startStallingProxy(model.url, (body) => (isStreamed(body) ? STREAMED : null));
  return {
    bin: claudeProgram(),
    extraArgs: [],
    baseUrl: proxy.url,
    prompts: () => model.prompts.map((prompt) => prompt.replace(AFTER_INTERRUPT, '')),
    release: (prompt, answer) => held.get(prompt)?.resolve(answer),
    async close() {
      for (const gate of held.values()) gate.resolve('too late');
      await proxy.close();
      await model.close();
    },
  };
}

/** The last message of the user's holds the prompt behind what the CLI adds to it. */
function isStreamed(body: string): boolean {
  const { messages = [] } = JSON.parse(body) as { readonly messages?: readonly Message[] };
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const texts = typeof content === 'string' ? [{ text: content }] : content;
  return texts.some(({ text }) => text?.startsWith('stream') === true);
}

interface Message {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string }[];
}

describeDriver('the claude driver over the real CLI', openClaude);
