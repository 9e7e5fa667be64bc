import { expect } from '@jest/globals';
import path from 'node:path';
import { runProgram } from '../../src/lib/run-program.ts';
import { readTranscript } from './driver-rig.ts';
import { openGatewayRig, type GatewayRig, type RigOptions, type StatusDocument } from './gateway-rig.ts';
import { until } from './until.ts';

/** The whole gateway with the real CLI, and words for what can go wrong with it. A prompt that begins with `hold`
 *  is answered when the test says so. */
export interface FaultRig extends GatewayRig {
  submit(workspace: string, command: string, more?: object): Promise<string>;
  ended(requestId: string): Promise<StatusDocument>;
  status(requestId: string): Promise<StatusDocument>;
  /** Waits until the model has this prompt, and lets it wait for its answer. */
  held(prompt: string): Promise<PromiseWithResolvers<string>>;
  /** Submits and waits until the model has the prompt. */
  submitHeld(workspace: string, prompt: string, more?: object): Promise<string>;
  /** The next request of the session arrives intact and is answered with its own answer. */
  expectIntact(workspace: string): Promise<void>;
  /** Waits until the gateway noted an event of this type for the workspace. */
  noted(type: string, workspace: string, deadlineMs?: number): Promise<void>;
  tmux(...args: readonly string[]): Promise<string>;
  /** Waits until something of the conversation is on disk: an agent that is killed before that takes it along. */
  written(agentSessionId: string): Promise<void>;
  /** The process of the workspace's agent. */
  agentPid(workspace: string): Promise<number>;
}

export async function openFaultRig(options: RigOptions = {}): Promise<FaultRig> {
  const held = new Map<string, PromiseWithResolvers<string>>();
  const rig = await openGatewayRig({
    ...options,
    script(prompt, said) {
      const line = prompt.trimEnd().split('\n').at(-1) ?? '';
      if (prompt.includes('<summary> block')) return '<summary>What was said before.</summary>';
      if (!line.startsWith('hold')) return options.script?.(prompt, said) ?? `echo: ${prompt}`;
      // Asked twice for one prompt, the model is still held by one gate: else the other would never open.
      const gate = held.get(line) ?? Promise.withResolvers<string>();
      held.set(line, gate);
      return gate.promise;
    },
  });
  let asked = 0;
  const status = async (requestId: string): Promise<StatusDocument> =>
    (await rig.call('GET', `/status/${requestId}`)).body as StatusDocument;
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await runProgram('tmux', ['-S', rig.gateway.tmuxSocket, ...args])).stdout.trimEnd();

  async function submit(workspace: string, command: string, more: object = {}): Promise<string> {
    const accepted = await rig.call('POST', '/execute', { json: { workspace, command, ...more } });
    expect(accepted.status).toBe(202);
    return (accepted.body as { readonly requestId: string }).requestId;
  }

  const waitHeld = (prompt: string): Promise<PromiseWithResolvers<string>> => until(() => held.get(prompt) ?? null);

  return {
    ...rig,
    submit,
    status,
    tmux,
    held: waitHeld,
    async ended(requestId) {
      const { body } = await rig.call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=60' } });
      const end = body as StatusDocument;
      expect(['completed', 'failed', 'timed_out', 'cancelled']).toContain(end.state);
      return end;
    },
    async submitHeld(workspace, prompt, more) {
      const requestId = await submit(workspace, prompt, more);
      await waitHeld(prompt);
      await until(async () => (await status(requestId)).phase === 'working');
      return requestId;
    },
    async expectIntact(workspace) {
      const prompt = `still intact? ${(asked += 1)}`;
      const end = await rig.run(workspace, prompt);
      expect(end).toMatchObject({ state: 'completed', reason: null });
      // A prompt that had no answer stands before it in the conversation.
      expect(end.output.text?.trimEnd().endsWith(prompt)).toBe(true);
      expect(rig.model.prompts.filter((sent) => sent.trimEnd().endsWith(prompt))).toHaveLength(1);
    },
    async noted(type, workspace, deadlineMs) {
      await until(
        async () => (await rig.events()).some((event) => event.type === type && event.workspace === workspace),
        deadlineMs,
      );
    },
    async written(agentSessionId) {
      const home = path.join(rig.root, 'data', 'agent-home');
      await until(async () => (await readTranscript(home, agentSessionId)).length > 0);
    },
    async agentPid(workspace) {
      const shell = await tmux('display-message', '-p', '-t', `=claude-${workspace}:`, '#{pane_pid}');
      const { stdout } = await runProgram('pgrep', ['-P', shell]);
      if (!/^\d+\n$/.test(stdout)) throw new Error(`no agent below ${shell} in ${workspace}`);
      return Number(stdout);
    },
    async close() {
      for (const gate of held.values()) gate.resolve('late');
      await rig.close();
    },
  };
}
