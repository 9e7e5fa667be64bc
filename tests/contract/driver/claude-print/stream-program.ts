import { claudeProgram, claudeVersion } from '../../../helpers/claude-program.ts';
import { startFaultyProxy, type Fault } from '../../../helpers/faulty-proxy.ts';
import { startScriptedModel, type Plan } from '../../../helpers/scripted-model.ts';
import type { ScriptedProgram } from '../fixtures.ts';

const QUESTION = {
  question: 'Which one?',
  header: 'One',
  multiSelect: false,
  options: [
    { label: 'this', description: 'it' },
    { label: 'that', description: 'the other' },
  ],
};

/** What the model does by the first words of a prompt; all else is echoed. */
function plan(prompt: string): Plan {
  const [first = '', second = ''] = prompt.split(' ');
  switch (first) {
    case 'ask':
      return { tool: 'AskUserQuestion', input: { questions: [QUESTION] }, answer: 'asked' };
    case 'plan':
      return { tool: 'ExitPlanMode', input: { plan: 'Do it.' }, answer: 'planned' };
    case 'run':
      return { tool: 'Bash', input: { command: prompt.slice(4), description: 'it' }, answer: 'It ran.' };
    case 'background':
      return {
        tool: 'Bash',
        input: { command: `sleep ${second}`, run_in_background: true, description: 'a job' },
        answer: 'It runs.',
      };
    case 'write':
      return { tool: 'Write', input: { file_path: second, content: 'x' }, answer: 'written' };
    case 'count':
      return { answer: 'counted', inputTokens: Number(second) };
    default:
      return `echo: ${prompt}`;
  }
}

const status = (code: number, type: string): Fault => ({
  kind: 'status',
  status: code,
  body: { type: 'error', error: { type, message: `it is ${code}` } },
});

/** What goes wrong with a prompt of this first word, for ever. */
const FAULTS: Readonly<Record<string, Fault>> = {
  overloaded: status(529, 'overloaded_error'),
  limited: status(429, 'rate_limit_error'),
  forbidden: status(403, 'permission_error'),
  wrong: status(400, 'invalid_request_error'),
  streaming: { kind: 'stall', said: 'Once upon' },
};

/** The real CLI, driven line by line, and a model that does more than the contract asks for. */
export async function openStreamProgram(more: Pick<ScriptedProgram, 'permissionMode'> = {}): Promise<ScriptedProgram> {
  const model = await startScriptedModel(plan);
  const proxy = await startFaultyProxy(model.url, (prompt) => FAULTS[prompt.split(' ')[0] ?? ''] ?? null);
  return {
    ...more,
    agent: 'claude-print',
    bin: claudeProgram(),
    version: claudeVersion(),
    extraArgs: [],
    baseUrl: proxy.url,
    prompts: () => model.prompts,
    knew: (prompt) => model.knew(prompt),
    charged: () => null,
    holds: () => false,
    release() {},
    async close() {
      await proxy.close();
      await model.close();
    },
  };
}
