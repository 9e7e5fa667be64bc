import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls, type Approvals } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { createKeptLog } from '../helpers/kept-log.ts';
import { until } from '../helpers/until.ts';

describe('what an agent does to its own tmux and its own dialogs, with the real CLI', () => {
  const log = createKeptLog();
  let rig: FaultRig;
  let approvals: Approvals;
  beforeAll(async () => {
    rig = await openFaultRig({
      log,
      script(prompt) {
        const [, word, rest = ''] = /^(\S+) ?([\s\S]*)$/.exec(prompt.trim()) ?? [];
        const file = (name: string): string => path.join(rig.root, 'workspaces', name);
        if (word === 'bash') return { tool: 'Bash', input: { command: rest, description: 'a job' }, answer: 'done' };
        if (word === 'write')
          return { tool: 'Write', input: { file_path: file(rest), content: 'x' }, answer: 'written' };
        return `echo: ${prompt}`;
      },
    });
    approvals = createApprovalCalls(rig.call);
  });
  afterAll(() => rig.close());

  /** Runs a command of the agent's that a person allows, to its end. */
  async function allowed(workspace: string, command: string): Promise<void> {
    const id = await rig.submit(workspace, `bash ${command}`);
    const [approval] = await approvals.open(id);
    await approvals.decide(approval?.id ?? '', { decision: 'allow' });
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'done' } });
  }
  const written = (name: string): boolean => existsSync(path.join(rig.root, 'workspaces', name));

  test('T21: tmux as an agent knows it reaches neither its own dialog nor another session', async () => {
    await rig.run('other', 'warm');
    const before = await rig.agentPid('other');
    const tries = ['send-keys -t "$TMUX_PANE" Enter', 'send-keys -t =claude-other: typed', 'kill-server'];
    await allowed('w', tries.map((words) => `TMUX_TMPDIR=$PWD tmux ${words} 2>>said`).join('; '));
    const id = await rig.submit('w', 'write w/kept');
    const [approval] = await approvals.open(id);
    expect(approval).toMatchObject({ state: 'open' });
    expect((await rig.call('GET', '/session/other/screen')).text).not.toContain('typed');
    expect([await rig.agentPid('other'), written('w/kept')]).toEqual([before, false]);
    await approvals.decide(approval?.id ?? '', { decision: 'deny' });
    await rig.ended(id);
  });

  test('T21: an agent that found its tmux and allowed itself is told as that, and warned of', async () => {
    const tmux = `tmux -S ${rig.gateway.tmuxSocket}`;
    const wait = `until ${tmux} capture-pane -p -t =claude-w: | grep -q 'Do you want to create'; do sleep 0.1; done`;
    const press = `while ${tmux} capture-pane -p -t =claude-w: | grep -q 'Do you want to create'; do ${tmux} send-keys -t =claude-w: Enter; sleep 0.5; done`;
    await allowed('w', `(${wait}; ${press}) >/dev/null 2>&1 &`);
    const id = await rig.submit('w', 'write w/itself');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'written' } });
    const [approval] = await approvals.of(id);
    expect(approval).toMatchObject({ state: 'allowed', decidedBy: 'agent', decision: null });
    expect(log.of('approval.decided_by_agent')).toContainEqual({ approvalId: approval?.id, allowed: true });
    const events = await rig.events();
    expect(events.find(({ type, requestId }) => type === 'approval.allowed' && requestId === id)?.data).toEqual({
      approvalId: approval?.id,
      by: 'agent',
    });
  });

  test.each([
    ['allow', 'allowed', true],
    ['deny', 'denied', false],
  ] as const)(
    'T21: a hook of the project’s that decides (%s) is neither a person nor the API',
    async (behavior, state, runs) => {
      const workspace = `hook-${behavior}`;
      const folder = path.join(rig.root, 'workspaces', workspace, '.claude');
      const answer = { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior } } };
      const command = `echo '${JSON.stringify(answer)}'`;
      const hooks = { PermissionRequest: [{ matcher: '*', hooks: [{ type: 'command', command }] }] };
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ hooks }));
      const id = await rig.submit(workspace, `write ${workspace}/file`);
      await rig.ended(id);
      expect((await approvals.of(id)).map(({ state, decidedBy }) => [state, decidedBy])).toEqual([[state, 'agent']]);
      expect(written(`${workspace}/file`)).toBe(runs);
      await until(async () => (await rig.call('GET', `/session/${workspace}`)).body['status'] === 'idle');
    },
  );
});
