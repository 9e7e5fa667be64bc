import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '../../src/lib/run-program.ts';
import { createApprovalCalls, type ApprovalDocument, type Approvals } from './approvals.ts';
import { openProcessRig, type ProcessRig } from './process-rig.ts';
import { untilAnswered } from './person.ts';
import { until } from './until.ts';

/** A gateway that can be killed, whose agent asks: `touch <name>` writes a line to a file of that name, once allowed. */
export interface TouchRig extends ProcessRig {
  readonly approvals: Approvals;
  submit(command: string): Promise<string>;
  /** Submits `touch <name>`; resolves when its dialog stands. */
  ask(name: string): Promise<{ readonly id: string; readonly approval: ApprovalDocument }>;
  ended(id: string): Promise<Readonly<Record<string, unknown>>>;
  /** How often the tool ran. */
  runs(name: string): number;
  /** Answers its dialog by a key that nobody pressed who is attached. */
  answersItself(key: string): Promise<void>;
}

export async function openTouchRig(): Promise<TouchRig> {
  const rig = await openProcessRig((prompt) => {
    const [word, name] = prompt.trim().split('\n').at(-1)?.split(' ') ?? [];
    if (word !== 'touch') return `echo: ${prompt}`;
    const input = { command: `echo ran >> ${name}`, description: 'write a line' };
    return { tool: 'Bash', input, answer: `after ${name}` };
  });
  const approvals = createApprovalCalls(rig.call);
  const tmux = (command: string, ...args: readonly string[]) =>
    runProgram('tmux', ['-S', rig.tmuxSocket, command, '-t', '=claude-w:', ...args]);

  const screen = async (): Promise<string> => (await tmux('capture-pane', '-p')).stdout;

  async function submit(command: string): Promise<string> {
    const { body } = await rig.call('POST', '/execute', { json: { workspace: 'w', command } });
    return body['requestId'] as string;
  }

  return {
    ...rig,
    approvals,
    submit,
    async ask(name) {
      const id = await submit(`touch ${name}`);
      const [approval] = await approvals.open(id);
      if (approval === undefined) throw new Error('nothing was asked');
      await until(async () => (await screen()).includes('Do you want to proceed?'));
      return { id, approval };
    },
    ended: async (id) => (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body,
    runs(name) {
      const file = path.join(rig.root, 'workspaces', 'w', name);
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
    },
    answersItself: (key) => untilAnswered(screen, () => tmux('send-keys', key)),
  };
}
