import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TEST_KEY } from '../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import type { Plan } from '../helpers/scripted-model.ts';
import { readSse } from '../helpers/stream-clients.ts';
import { until } from '../helpers/until.ts';

const SUBAGENT = {
  description: 'a search',
  prompt: 'subagent',
  subagent_type: 'general-purpose',
  run_in_background: true,
};
const WAITING: Readonly<Record<string, Plan>> = {
  'leave an agent': { tool: 'Agent', input: SUBAGENT, answer: 'waiting' },
  'leave a command': {
    tool: 'Bash',
    input: { command: 'sleep 7', run_in_background: true, description: 'a job' },
    answer: 'waiting',
  },
};

/** The gateway as a process of its own, which can be killed. The number is that of the fault. */
describe('kill -9 of the gateway before the last end', () => {
  let rig: ProcessRig;

  beforeEach(async () => {
    rig = await openProcessRig(
      (prompt, said) => {
        const asked = prompt.trimEnd();
        if (asked.startsWith('echo')) return asked;
        if (asked === 'subagent') return new Promise((resolve) => setTimeout(() => resolve('three'), 7_000));
        if (WAITING[asked] !== undefined) return WAITING[asked];
        if (said.includes('<task-notification>')) return 'found 3';
        return `part ${(said.match(/Stop hook feedback/g) ?? []).length + 1}`;
      },
      { CLAUDE_EXTRA_ARGS: '--allowedTools Bash Agent' },
    );
  });
  afterEach(() => rig.close());

  const submit = async (command: string): Promise<string> =>
    (await rig.call('POST', '/execute', { json: { workspace: 'w', command } })).body.requestId as string;
  const ended = async (id: string) => (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=50' } })).body;
  /** Waits until the agent said this. The stream of a request that runs has no end. */
  async function says(id: string, text: string): Promise<void> {
    const reader = await readSse(`${rig.baseUrl}/status/${id}/events`, { 'X-API-Key': TEST_KEY });
    await until(() => reader.text().includes(text));
    reader.cut();
  }
  const place = (...names: readonly string[]): string => path.join(rig.root, 'workspaces', 'w', ...names);

  /** Blocks twice, by these words. The second time it waits until the test lets it go on. */
  async function blockTwice(how: string): Promise<void> {
    await mkdir(place('.claude'), { recursive: true });
    const script = `#!/bin/sh
cat >/dev/null; n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n >n
if [ $n -eq 2 ]; then touch waits; while [ ! -e go ]; do sleep 0.1; done; fi
if [ $n -le 2 ]; then ${how}; fi
exit 0`;
    await writeFile(place('hook.sh'), script);
    await chmod(place('hook.sh'), 0o755);
    const hooks = { Stop: [{ hooks: [{ type: 'command', command: place('hook.sh') }] }] };
    await writeFile(place('.claude', 'settings.json'), JSON.stringify({ hooks }));
  }

  const BY_ANSWER = `echo '{"decision":"block","reason":"go on"}'`;
  const BY_CODE = 'echo go on >&2; exit 2';

  test.each([
    ['goes on while no gateway runs', 'before', BY_ANSWER],
    ['goes on after the start', 'after', BY_ANSWER],
    ['goes on while no gateway runs, by an exit code', 'before', BY_CODE],
    ['goes on after the start, by an exit code', 'after', BY_CODE],
  ] as const)('T2: a turn that a Stop hook holds back and that %s has one end', async (_name, when, how) => {
    await blockTwice(how);
    const [first, second] = [await submit('in parts'), await submit('echo two')];
    await until(() => existsSync(place('waits')));
    await rig.stop('SIGKILL');
    if (when === 'before') await writeFile(place('go'), '');
    if (when === 'before') await until(() => rig.model.prompts.length >= 3);
    await rig.start();
    await writeFile(place('go'), '');
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'part 3' } });
    expect(await ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo two' } });
    expect(rig.model.count('echo two')).toBe(1);
  });

  test('T10: a hook that wakes the agent: the end is what it says then', async () => {
    await mkdir(place('.claude'), { recursive: true });
    const script = `#!/bin/sh
cat >/dev/null; if [ -e waits ]; then exit 0; fi; touch waits
while [ ! -e go ]; do sleep 0.1; done; echo go on >&2; exit 2`;
    await writeFile(place('hook.sh'), script);
    await chmod(place('hook.sh'), 0o755);
    const hooks = { Stop: [{ hooks: [{ type: 'command', command: place('hook.sh'), asyncRewake: true }] }] };
    await writeFile(place('.claude', 'settings.json'), JSON.stringify({ hooks }));
    const [first, second] = [await submit('begin'), await submit('echo two')];
    await says(first, 'part 1');
    await until(() => existsSync(place('waits')));
    await rig.stop('SIGKILL');
    await rig.start();
    await writeFile(place('go'), '');
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'found 3' } });
    expect(await ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo two' } });
  });

  test.each(Object.keys(WAITING))('T10: %s: the end is what the agent says when it is woken', async (prompt) => {
    const [first, second] = [await submit(prompt), await submit('echo two')];
    await says(first, 'waiting');
    await rig.stop('SIGKILL');
    await rig.start();
    expect(await ended(first)).toMatchObject({ state: 'completed', output: { text: 'found 3' } });
    expect(await ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo two' } });
    expect(rig.model.count('echo two')).toBe(1);
  });
});
