// The model of the containers under test: a program of its own, beside them in their network.
import { setTimeout as delay } from 'node:timers/promises';
import { startScriptedModel } from '../helpers/scripted-model.ts';

const PORT = 4010;

await startScriptedModel(
  async (prompt, said) => {
    const [, order = '', what = ''] = /^(\w+) (.*)/s.exec(prompt) ?? [];
    switch (order) {
      case 'hold':
        // The time that the model takes to answer.
        await delay(Number(what) * 1_000);
        return `held ${what}`;
      case 'bash':
        return { tool: 'Bash', input: { command: what, description: 'run it' }, answer: 'ran it' };
      case 'recall':
        return said.replaceAll(prompt, '').includes(what) ? `I know ${what}` : `What is ${what}?`;
      default:
        return `echo: ${prompt}`;
    }
  },
  { host: '0.0.0.0', port: PORT },
);
