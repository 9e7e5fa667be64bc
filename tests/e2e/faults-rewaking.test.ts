import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

/** Hooks of a person's own settings that run on behind their event and wake the agent again, with the real CLI. */
describe('a hook with `asyncRewake`', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({
      script(prompt, said) {
        const asked = prompt.trimEnd();
        if (asked === 'use a tool') return { tool: 'Bash', input: { command: 'true' }, answer: 'It is used.' };
        return said.includes('go on now') && !asked.startsWith('echo') ? 'the last word' : `echo: ${asked}`;
      },
      env: { CLAUDE_EXTRA_ARGS: '--allowedTools Bash', SESSION_IDLE_MS: '1000' },
    });
  });
  afterAll(() => rig.close());

  const place = (workspace: string, ...names: readonly string[]): string =>
    path.join(rig.root, 'workspaces', workspace, ...names);

  /** The first run of it does this; it says when it begins, and when it is done. */
  async function hook(workspace: string, event: string, first: string, more: object = {}): Promise<object> {
    await mkdir(place(workspace, '.claude'), { recursive: true });
    const script = `#!/bin/sh
cat >/dev/null
cd ${place(workspace)}
if [ -e begun ]; then exit 0; fi
touch begun
${first}
`;
    await writeFile(place(workspace, 'hook.sh'), script);
    await chmod(place(workspace, 'hook.sh'), 0o755);
    const own = { type: 'command', command: '"$CLAUDE_PROJECT_DIR"/hook.sh', asyncRewake: true, ...more };
    return { hooks: { [event]: [{ hooks: [own] }] } };
  }

  async function settle(workspace: string, settings: object): Promise<void> {
    await writeFile(place(workspace, '.claude', 'settings.json'), JSON.stringify(settings));
  }

  const WAKES = 'sleep 3; touch done; echo "go on now" >&2; exit 2';

  test.each([
    ['Stop', 'begin'],
    ['PostToolUse', 'use a tool'],
    ['UserPromptSubmit', 'begin'],
  ])('of %s holds the end, and what it wakes the agent to say is the answer', async (event, prompt) => {
    const workspace = `wakes-${event.toLowerCase()}`;
    await settle(workspace, await hook(workspace, event, WAKES));
    const [first, second] = [await rig.submit(workspace, prompt), await rig.submit(workspace, 'echo two')];
    expect(await rig.ended(first)).toMatchObject({ state: 'completed', output: { text: 'the last word' } });
    expect(existsSync(place(workspace, 'done'))).toBe(true);
    expect(await rig.ended(second)).toMatchObject({ state: 'completed', output: { text: 'echo: echo two' } });
    expect(rig.model.count('echo two')).toBeGreaterThan(0);
  });

  test('that is over before anybody looks for it is waited for all the same', async () => {
    await settle('quick', await hook('quick', 'Stop', 'echo "go on now" >&2; exit 2'));
    expect(await rig.run('quick', 'begin')).toMatchObject({ state: 'completed', output: { text: 'the last word' } });
  });

  test('that has nothing to say lets the turn end when it is over', async () => {
    await settle('silent', await hook('silent', 'Stop', 'sleep 3; touch done; exit 0'));
    expect(await rig.run('silent', 'begin')).toMatchObject({ state: 'completed', output: { text: 'echo: begin' } });
    expect(existsSync(place('silent', 'done'))).toBe(true);
  });

  test('that never ends holds the turn until its own time is over', async () => {
    await settle('late', await hook('late', 'Stop', 'sleep 300', { timeout: 3 }));
    const began = Date.now();
    expect(await rig.run('late', 'begin')).toMatchObject({ state: 'completed', output: { text: 'echo: begin' } });
    expect(Date.now() - began).toBeGreaterThan(3_000);
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  test('of a plugin counts', async () => {
    const home = path.join(rig.root, 'data', 'agent-home', '.claude');
    const [market, plugin] = [path.join(rig.root, 'market'), path.join(rig.root, 'market', 'own')];
    const write = async (file: string, value: object): Promise<void> => {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify(value));
    };
    const about = { name: 'market', owner: { name: 'me' }, plugins: [{ name: 'own', source: './own' }] };
    await write(path.join(market, '.claude-plugin', 'marketplace.json'), about);
    await write(path.join(plugin, '.claude-plugin', 'plugin.json'), { name: 'own', version: '1.0.0' });
    await write(path.join(plugin, 'hooks', 'hooks.json'), await hook('plugged', 'Stop', WAKES));
    const source = { source: 'directory', path: market };
    const lastUpdated = new Date().toISOString();
    const known = { market: { source, installLocation: market, lastUpdated } };
    await write(path.join(home, 'plugins', 'known_marketplaces.json'), known);
    const install = { scope: 'user', installPath: plugin, version: '1.0.0', installedAt: lastUpdated, lastUpdated };
    await write(path.join(home, 'plugins', 'installed_plugins.json'), {
      version: 2,
      plugins: { 'own@market': [install] },
    });
    await settle('plugged', { enabledPlugins: { 'own@market': true } });
    expect(await rig.run('plugged', 'begin')).toMatchObject({ state: 'completed', output: { text: 'the last word' } });
  });

  test('of a turn that was cancelled runs on, and the agent with it', async () => {
    await settle('cancelled', await hook('cancelled', 'Stop', 'until [ -e go ]; do sleep 0.1; done; touch done'));
    const id = await rig.submit('cancelled', 'begin');
    await until(() => existsSync(place('cancelled', 'begun')));
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await writeFile(place('cancelled', 'go'), '');
    await until(() => existsSync(place('cancelled', 'done')));
    await rig.expectIntact('cancelled');
  });
});
