import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../../../../src/cli/commands.ts';
import { writeHook, writePlugin } from '../../../helpers/hook-files.ts';
import { createFakeTerminal } from '../../../helpers/fake-terminal.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

describe('hooks test', () => {
  test('shows what a hook saw and said, and ends well when it denies', async () => {
    using folder = createTempFolder();
    writeHook(folder.path, 'gate.sh', `cat >&2; echo '{"allow": false, "reason": "Not now."}'`);
    const terminal = createFakeTerminal({ folder: folder.path });
    expect(await runCommand(['hooks', 'test', './gate.sh', '--event', 'pre_session'], terminal)).toBe(0);
    const [head, saw, said, stderr, verdict] = terminal.printed;
    expect(head).toBe('gate, pre_session');
    expect(saw).toMatch(/^ {2}saw: {4}\{"type":"pre_session","sender_id":123456789,/);
    expect(said).toBe('  said:   {"allow": false, "reason": "Not now."}');
    expect(stderr).toBe(saw?.replace('saw:   ', 'stderr:'));
    expect(verdict).toMatch(/^ {2}denied: Not now\. \(\d+ ms\)$/);
  });

  test('calls it for each of its events, with the settings that HOOKS_FILE has for it', async () => {
    using folder = createTempFolder();
    writeHook(folder.path, 'audit.sh', 'cat; exit 3');
    const hooks = [{ ref: 'audit.sh', events: ['post_session', 'on_error'], name: 'log', config: { to: 'file' } }];
    writeFileSync(join(folder.path, 'hooks.json'), JSON.stringify({ hooks }));
    const env = { HOOKS_FILE: join(folder.path, 'hooks.json') };
    const terminal = createFakeTerminal({ folder: folder.path, env });
    expect(await runCommand(['hooks', 'test', 'log'], terminal)).toBe(1);
    expect(terminal.printed.filter((line) => line.startsWith('log, '))).toEqual(['log, post_session', 'log, on_error']);
    expect(terminal.printed[1]).toContain('"config":{"to":"file"}');
    expect(terminal.printed.join('\n')).toContain('failed: it exited with 3; it would be called again');
  });

  test('calls a plugin that HOOKS_FILE does not name for what it exports; of one that exports nothing it says so', async () => {
    using folder = createTempFolder();
    writePlugin(folder.path, 'after.mjs', 'export const postSession = () => {};');
    writePlugin(folder.path, 'empty.mjs', '');
    const terminal = createFakeTerminal({ folder: folder.path });
    expect(await runCommand(['hooks', 'test', 'after.mjs'], terminal)).toBe(0);
    expect(terminal.printed.filter((line) => line.startsWith('after, '))).toEqual(['after, post_session']);
    expect(await runCommand(['hooks', 'test', 'after.mjs', '--event', 'on_error'], terminal)).toBe(1);
    expect(await runCommand(['hooks', 'test', 'empty.mjs'], terminal)).toBe(1);
    expect(terminal.printed.filter((line) => line.includes('it exports no'))).toHaveLength(4);
  });

  test('says when there is nothing to run', async () => {
    using folder = createTempFolder();
    const terminal = createFakeTerminal({ folder: folder.path });
    expect(await runCommand(['hooks', 'test', 'nothing'], terminal)).toBe(1);
    expect(terminal.complaints).toEqual(['nothing: names a file that does not exist']);
  });
});
