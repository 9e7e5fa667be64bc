import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openGatewayHouse, type GatewayHouse } from '../../helpers/gateway-house.ts';
import { writeHook } from '../../helpers/hook-files.ts';
import { installScriptedAgent } from '../../helpers/scripted-agent/install.ts';
import { until } from '../../helpers/until.ts';

describe('HOOKS_FILE of a gateway that runs', () => {
  let root = '';
  let file = '';
  let house: GatewayHouse;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-hooks-')));
    file = path.join(root, 'hooks.json');
    for (const word of ['first', 'second']) writeHook(root, word, `echo '{"allow": false, "reason": "${word}"}'`);
    const agent = await installScriptedAgent(root);
    house = await openGatewayHouse({ agent, env: { HOOKS_FILE: file, HOOK_TEST_SECRET: 'a-secret' } });
  });
  afterEach(async () => {
    await house.close();
    await rm(root, { recursive: true });
  });

  const write = (...refs: readonly string[]): Promise<void> =>
    writeFile(
      file,
      JSON.stringify({ hooks: refs.map((ref) => ({ ref, events: ['pre_session'], timeout_ms: 20_000 })) }),
    );
  const counted = (event: string): number => house.log().split(`"${event}"`).length - 1;
  const denied = async (): Promise<unknown> => {
    const headers = { prefer: 'wait=60' };
    return (await house.call('POST', '/execute', { json: { workspace: 'a', command: 'hi' }, headers })).body.error;
  };

  test('is read again at SIGHUP; a wrong one is refused in one line, and the one before stays', async () => {
    await write('first');
    const gateway = house.start();
    await gateway.ready();
    expect(await denied()).toBe('first');

    await write('second');
    process.kill(gateway.pid, 'SIGHUP');
    await until(() => counted('hooks.loaded') === 2);
    expect(await denied()).toBe('second');

    await write('missing', 'first', './first');
    process.kill(gateway.pid, 'SIGHUP');
    await until(() => counted('hooks.refused') === 1);
    expect(house.log()).toContain(
      '"problems":["hooks[0].ref: names a file that does not exist","hooks[2].name: is that of hooks[1], too; give it another one"]',
    );
    expect(await denied()).toBe('second');
  });

  test('is read again after the start when SIGHUP comes in its midst', async () => {
    await write('first');
    const gateway = house.start();
    await until(() => counted('hooks.loaded') === 1);
    await write('second');
    process.kill(gateway.pid, 'SIGHUP');
    await gateway.ready();
    await until(() => counted('hooks.loaded') === 2);
    expect(await denied()).toBe('second');
  });

  test('that is wrong at the start ends it, with every problem', async () => {
    await write('missing', 'first', './first');
    expect(await house.start().exited).toBe(1);
    expect(house.log()).toContain('HOOKS_FILE: hooks[0].ref: names a file that does not exist\n');
    expect(house.log()).toContain('HOOKS_FILE: hooks[2].name: is that of hooks[1], too; give it another one\n');
  });

  test('a hook that prints its environment shows none of the gateway’s secrets', async () => {
    writeHook(root, 'first', `env > ${root}/seen; cat >> ${root}/seen; echo '{"allow": false, "reason": "seen"}'`);
    await write('first');
    await house.start().ready();
    expect(await denied()).toBe('seen');
    const seen = readFileSync(path.join(root, 'seen'), 'utf8');
    expect(seen).toContain('PATH=');
    for (const secret of ['a-secret', 'sk-ant-test', 'test-key-0123456789']) expect(seen).not.toContain(secret);
    expect(seen).not.toMatch(/^(HTTP_API_KEY|ANTHROPIC_API_KEY|HOOK_TEST_SECRET|DATA_DIR)=/m);
  });
});
