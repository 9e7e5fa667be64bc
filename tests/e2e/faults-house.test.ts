import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApprovalCalls } from '../helpers/approvals.ts';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { until } from '../helpers/until.ts';

/** A picture of one point. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The settings, files and keys that people have, with the real CLI. The number is that of the fault. */
describe('in anybody’s house', () => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await openFaultRig({
      script(prompt) {
        const file = /^write (\S+)$/.exec(prompt.trimEnd())?.[1];
        if (file === undefined) return `echo: ${prompt}`;
        return { tool: 'Write', input: { file_path: file, content: 'x' }, answer: 'written' };
      },
    });
  });
  afterAll(() => rig.close());

  const place = (workspace: string, ...names: readonly string[]): string =>
    path.join(rig.root, 'workspaces', workspace, ...names);
  const home = (...names: readonly string[]): string => path.join(rig.root, 'data', 'agent-home', ...names);

  async function put(file: string, content: string | Buffer | object): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const isRaw = typeof content === 'string' || Buffer.isBuffer(content);
    await writeFile(file, isRaw ? content : JSON.stringify(content));
  }

  /** Runs a prompt, which must reach the model to the letter. */
  async function expectExact(workspace: string, prompt: string): Promise<void> {
    const before = rig.model.prompts.length;
    expect(await rig.run(workspace, prompt)).toMatchObject({ state: 'completed', prompt: { altered: false, how: [] } });
    expect(rig.model.prompts.slice(before)).toEqual([prompt]);
  }

  async function composer(workspace: string): Promise<string> {
    const screen = await rig.tmux('capture-pane', '-p', '-t', `=claude-${workspace}:`);
    return /─{10,}\n❯([\s\S]*?)\n─{10,}/.exec(screen)?.[1]?.trim() ?? screen;
  }

  async function shows(workspace: string, line: string): Promise<void> {
    let last = '';
    await until(async () => (last = await composer(workspace)) === line).catch(() => expect(last).toBe(line));
  }

  test.each([
    ['inside the workspace', (): string => place('t1', 'shot.png')],
    ['outside of it', (): string => path.join(rig.root, 'a b.JPG')],
  ])('T1: the path of a picture %s is text', async (_name, file) => {
    await put(file(), Buffer.from(PICTURE, 'base64'));
    await expectExact('t1', `Describe ${file()}`);
    await expectExact('t1', file());
  });

  test('T12: tabs arrive as tabs', () => expectExact('t12', 'all:\n\tcc -o a a.c\na\tb\t\tc'));

  test.each([
    ['900 letters', 'x'.repeat(900)],
    ['800 lines', `${'line\n'.repeat(800)}end`],
    ['a shell command', '!touch pwned'],
    ['a path', '/usr/bin/env is gone'],
  ])('T29: %s arrive as they are', (_name, prompt) => expectExact('t29', prompt));

  test.each([['/clear'], ['/exit'], [' /clear'], ['exit'], [' Quit'], ['\u2060/clear']])(
    'T29: %j is text behind a backslash, and the request says so',
    async (prompt) => {
      const before = rig.model.prompts.length;
      const text = prompt.replace(/(?=\/|exit|Quit)/, '\\');
      const end = await rig.run('t29', prompt);
      expect(end).toMatchObject({ state: 'completed', prompt: { altered: true } });
      const { prompt: told } = end as unknown as { readonly prompt: { readonly how: string[]; readonly text: string } };
      expect(told.how).toContain('escaped');
      expect(rig.model.prompts.slice(before)).toEqual([told.text]);
      expect(told.text.replaceAll('\u2060', '')).toBe(text.replaceAll('\u2060', ''));
      await rig.expectIntact('t29');
    },
  );

  test.each([
    ['cancelled', (id: string) => rig.call('POST', `/status/${id}/cancel`), {}],
    ['timed_out', () => Promise.resolve(), { timeoutMs: 2_000 }],
  ] as const)('T11: a request that is %s before its first word leaves an empty composer', async (state, stop, more) => {
    await rig.run('t11', 'warm');
    const prompt = `hold ${state}`;
    const id = await rig.submitHeld('t11', prompt, more);
    await stop(id);
    expect(await rig.ended(id)).toMatchObject({ state });
    await shows('t11', '');
    const asked = rig.model.prompts.length;
    await rig.tmux('send-keys', '-t', '=claude-t11:', 'Enter');
    await rig.expectIntact('t11');
    expect(rig.model.prompts).toHaveLength(asked + 1);
  });

  test('a line that a person left is in the composer again when the request has ended', async () => {
    await rig.run('left', 'warm');
    await rig.tmux('send-keys', '-t', '=claude-left:', '-l', 'half a thou');
    await shows('left', 'half a thou');
    await expectExact('left', 'in between');
    await shows('left', 'half a thou');
    await expectExact('left', 'and again');
    await shows('left', 'half a thou');
  });

  test('a person’s own editor opens for their own Ctrl-G', async () => {
    await put(home('.claude', 'settings.json'), { env: { EDITOR: `touch ${place('editor', 'opened')} && true` } });
    await rig.run('editor', 'warm');
    await rig.tmux('send-keys', '-t', '=claude-editor:', 'C-g');
    await until(() => existsSync(place('editor', 'opened')));
    await put(home('.claude', 'settings.json'), {});
    await rig.expectIntact('editor');
  });

  test('T6: with vim keys an agent takes one prompt after the other, also behind a cancel', async () => {
    await put(home('.claude', 'settings.json'), { editorMode: 'vim' });
    await rig.run('vim', 'warm');
    await put(home('.claude', 'settings.json'), {});
    const pid = await rig.agentPid('vim');
    await rig.tmux('send-keys', '-t', '=claude-vim:', 'Escape');
    await expectExact('vim', 'in the normal mode');
    const id = await rig.submitHeld('vim', 'hold vim');
    await rig.call('POST', `/status/${id}/cancel`);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await expectExact('vim', 'behind a cancel\n\twith a tab');
    expect(await rig.agentPid('vim')).toBe(pid);
  });

  const LISTED = JSON.stringify({ allowedHttpHookUrls: ['https://hooks.example.com/*'] });
  const PROXY = 'http://127.0.0.1:1';
  const SILENCING: readonly (readonly [string, string | Buffer])[] = [
    ['a list behind a mark of its encoding', `\ufeff${LISTED}`],
    ['a list in UTF-16', Buffer.from(`\ufeff${LISTED}`, 'utf16le')],
    ['a token of its own', JSON.stringify({ env: { GATEHOUSE_HOOK_TOKEN: 'fake' } })],
    [
      'a proxy',
      JSON.stringify({ env: { HTTP_PROXY: PROXY, http_proxy: PROXY, HTTPS_PROXY: PROXY, ALL_PROXY: PROXY } }),
    ],
  ];

  test.each(SILENCING)('T17: with %s in the project’s settings the agent reports', async (name, settings) => {
    const workspace = `t17-${name.replaceAll(/\W+/g, '-')}`;
    await put(place(workspace, '.claude', 'settings.json'), settings);
    await expectExact(workspace, 'hear me');
  });

  test.each(SILENCING)(
    'T17: with %s that comes into the project’s settings while the agent lives it reports',
    async (name, settings) => {
      const workspace = `t17-late-${name.replaceAll(/\W+/g, '-')}`;
      await put(place(workspace, '.claude', 'settings.json'), {});
      await expectExact(workspace, 'warm');
      await put(place(workspace, '.claude', 'settings.json'), settings);
      for (const prompt of ['hear me', 'and again', 'once more']) await expectExact(workspace, prompt);
    },
  );

  test('a person’s half-typed line with a picture: its words are given back, and the loss is told', async () => {
    await put(place('picture', 'shot.png'), Buffer.from(PICTURE, 'base64'));
    await rig.run('picture', 'warm');
    await rig.tmux('send-keys', '-t', '=claude-picture:', '-l', 'look at ');
    await rig.tmux('set-buffer', '-b', 'shot', place('picture', 'shot.png'));
    await rig.tmux('paste-buffer', '-p', '-b', 'shot', '-t', '=claude-picture:');
    await until(async () => (await composer('picture')).includes('[Image #1]'));
    await expectExact('picture', 'ours');
    await shows('picture', 'look at');
    const cleared = (await rig.events()).filter(
      ({ type, workspace: of }) => type === 'composer.cleared' && of === 'picture',
    );
    expect(cleared).toMatchObject([{ data: { pictures: 1 } }]);
  });

  test('keys under which Enter sends nothing are named at once, also when they come while the agent lives', async () => {
    const file = home('.claude', 'keybindings.json');
    const keys = (does: string) => ({
      bindings: [{ context: 'Chat', bindings: { enter: does, 'meta+x': 'chat:submit' } }],
    });
    await put(file, keys('chat:submit'));
    await expectExact('keys', 'as ever');
    await put(file, keys('chat:newline'));
    for (const workspace of ['keys', 'keys-at-start']) {
      const end = await rig.run(workspace, 'not sent');
      expect(end).toMatchObject({ state: 'failed', reason: 'agent_unavailable' });
      expect(end.error).toContain(`enter in ${file}`);
    }
    await put(file, {});
    await expectExact('keys', 'as ever again');
    expect(rig.model.count('not sent')).toBe(0);
  });

  test.each([
    ['T17', 'allowedHttpHookUrls', ['https://hooks.example.com/*']],
    ['T18', 'httpHookAllowedEnvVars', []],
    ['T18', 'disableAllHooks', true],
  ] as const)(
    '%s: with %s in the project’s settings the agent reports, and nothing is written without an approval',
    async (id, key, value) => {
      const workspace = `${id.toLowerCase()}-${key}`;
      await put(place(workspace, '.claude', 'settings.json'), { [key]: value });
      const file = place(workspace, 'written');
      const request = await rig.submit(workspace, `write ${file}`);
      const approvals = createApprovalCalls(rig.call);
      const [approval] = await approvals.open(request);
      expect(existsSync(file)).toBe(false);
      await approvals.decide(approval?.id ?? '', { decision: 'allow' });
      expect(await rig.ended(request)).toMatchObject({ state: 'completed', output: { text: 'written' } });
      expect(existsSync(file)).toBe(true);
    },
  );
});
