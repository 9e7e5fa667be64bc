import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { openGatewayRig, type GatewayRig } from '../helpers/gateway-rig.ts';

interface Injected {
  readonly thread_id: number;
  readonly cwd: string;
  readonly requestId: string;
}

async function inject({ gateway }: GatewayRig, ...args: readonly string[]): Promise<Injected> {
  const port = String(gateway.injectAddress?.port);
  const child = spawn('./inject', ['--port', port, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout)) as Injected;
}

const ended = async ({ call }: GatewayRig, { requestId }: Injected) =>
  (await call('GET', `/status/${requestId}`, { headers: { prefer: 'wait=60' } })).body;

test('./inject gets an answer in a workspace of its own, and --thread-id goes on with the same conversation', async () => {
  const asked: string[] = [];
  const rig = await openGatewayRig({ env: { TASK_CHANNEL: 'workspace' }, seen: (body) => void asked.push(body) });
  try {
    const first = await inject(rig, '--task-name', 'Daily post', 'remember the blue door');
    expect(first.cwd).toBe(realpathSync(path.join(rig.root, 'workspaces', `task-${first.thread_id}`)));
    expect(await ended(rig, first)).toMatchObject({
      state: 'completed',
      source: 'inject',
      workspace: `task-${first.thread_id}`,
      output: { text: 'echo: remember the blue door' },
    });

    const second = await inject(rig, '--thread-id', String(first.thread_id), 'which door was it');
    expect(second).toMatchObject({ thread_id: first.thread_id, cwd: first.cwd });
    expect(await ended(rig, second)).toMatchObject({ state: 'completed', output: { text: 'echo: which door was it' } });
    // The model has the first prompt before it, so it is one conversation.
    const last = asked.findLast((body) => body.includes('which door was it')) ?? '';
    expect(last).toContain('remember the blue door');

    const other = await inject(rig, 'which door was it again');
    expect(other.thread_id).not.toBe(first.thread_id);
    expect(await ended(rig, other)).toMatchObject({ state: 'completed' });
    expect(asked.findLast((body) => body.includes('which door was it again'))).not.toContain('blue door');
  } finally {
    await rig.close();
  }
});
