import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../helpers/until.ts';
import { checkOut, openDeployment, removeImage, requireDocker, type Deployment } from './deployment.ts';

const BUILD_MS = 10 * 60_000;
const STEP_MS = 3 * 60_000;

/** As docs/deployment.md and docs/hooks.md say. */
const SETTINGS = 'REPOS_ROOT=/repos\nWORKTREES_ROOT=/worktrees\n';
const OVERRIDE = `
services:
  gatehouse:
    environment:
      HOOKS_FILE: /hooks/hooks.json
    volumes:
      - ./hooks:/hooks:ro
`;
const HOOKS = {
  hooks: [
    { ref: './gate.sh', events: ['pre_session'], fail_closed: true },
    { ref: './note.mjs', events: ['post_session'] },
  ],
};
/** Writes who it is and what it sees; denies what begins with "forbidden". */
const GATE = `#!/bin/bash
call=$(cat)
{ id -un; env; } > "$HOME/seen"
for place in /data /home/agent /workspaces/first; do
  ls "$place" >/dev/null 2>&1 || echo "closed $place" >> "$HOME/seen"
done
cat /proc/1/environ >/dev/null 2>&1 || echo "closed /proc/1/environ" >> "$HOME/seen"
case $call in *'"message_text":"forbidden'*) echo '{"allow": false, "reason": "Not here."}' ;; *) echo '{}' ;; esac
`;
const NOTE = `import { appendFileSync } from 'node:fs';
export const postSession = ({ status, message_text }) =>
  appendFileSync(process.env.HOME + '/ends', status + ' ' + message_text + '\\n');
`;

const image = `gatehouse-test-${randomBytes(4).toString('hex')}`;
let folder: string;
let gatehouse: Deployment;

beforeAll(async () => {
  await requireDocker();
  folder = await checkOut();
  await writeFile(path.join(folder, '.env'), SETTINGS);
  await writeFile(path.join(folder, 'docker-compose.override.yml'), OVERRIDE);
  await mkdir(path.join(folder, 'hooks'));
  for (const [name, text] of [
    ['hooks.json', JSON.stringify(HOOKS)],
    ['gate.sh', GATE],
    ['note.mjs', NOTE],
  ] as const) {
    await writeFile(path.join(folder, 'hooks', name), text);
    await chmod(path.join(folder, 'hooks', name), 0o755);
  }
  // The folder above is of the test's user alone.
  for (const place of [folder, path.join(folder, 'hooks')]) await chmod(place, 0o755);
  gatehouse = await openDeployment(folder, image, ['docker-compose.override.yml']);
  await gatehouse.up();
}, BUILD_MS);

afterAll(async () => {
  await gatehouse?.remove();
  await removeImage(image);
  await rm(folder, { recursive: true, force: true });
}, STEP_MS);

async function said(user: 'agent' | 'hooks', command: string): Promise<string> {
  const { code, stdout, stderr } = await gatehouse.exec(user, command);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return stdout;
}

describe('quick tasks in the container', () => {
  test(
    'work in worktrees of the agents’ user, which end with their session',
    async () => {
      const repository = [
        'mkdir -p /repos/owner && cd /repos/owner && git init -q -b main site && cd site',
        'git config user.name test && git config user.email test@localhost',
        'echo one > page && git add page && git commit -q -m one',
      ].join(' && ');
      await gatehouse.compose('exec', '-T', 'gatehouse', 'agent', 'bash', '-c', repository);
      const started = await gatehouse.call('POST', '/quick/sessions/start', { json: { repo: 'owner/site' } });
      expect([started.status, started.text]).toEqual([201, expect.any(String)]);
      const { id, worktree_path: worktree } = started.body as { id: string; worktree_path: string };
      const ask = async (content: string): Promise<unknown> => {
        const sent = await gatehouse.call('POST', `/quick/sessions/${id}/message`, { json: { content } });
        return gatehouse.end(sent.body.id as string);
      };
      expect(await ask('hello')).toMatchObject({ state: 'completed', output: { text: 'echo: hello' } });
      expect(await ask('recall hello')).toMatchObject({ state: 'completed', output: { text: 'I know hello' } });
      expect(await said('agent', `stat -c %U ${worktree} && cat ${worktree}/page`)).toBe('agent\none\n');
      expect((await gatehouse.call('DELETE', `/quick/sessions/${id}`)).status).toBe(204);
      expect(await said('agent', 'ls /worktrees')).toBe('');
      expect(await said('agent', 'git -C /repos/owner/site worktree list | wc -l')).toBe('1\n');
    },
    STEP_MS,
  );
});

describe('hooks in the container', () => {
  const home = '/var/lib/gatehouse-hooks';

  test(
    'are asked before each turn, deny, and are told of its end',
    async () => {
      expect(await gatehouse.end(await gatehouse.submit('first', 'allowed'))).toMatchObject({ state: 'completed' });
      expect(await gatehouse.end(await gatehouse.submit('first', 'forbidden'))).toMatchObject({
        state: 'failed',
        reason: 'hook_denied',
        error: 'Not here.',
      });
      await until(async () => (await said('hooks', `cat ${home}/ends`)).includes('success allowed\n'));
    },
    STEP_MS,
  );

  test('run as a user of their own, out of reach of the data, the agents and the secrets', async () => {
    const seen = (await said('hooks', `cat ${home}/seen`)).split('\n');
    expect(seen[0]).toBe('hooks');
    for (const place of ['/data', '/home/agent', '/workspaces/first', '/proc/1/environ']) {
      expect(seen).toContain(`closed ${place}`);
    }
    const text = seen.join('\n');
    expect(text).not.toContain('sk-ant-test');
    expect(text).not.toContain(gatehouse.key);
  });

  test(
    'are read again at SIGHUP',
    async () => {
      const none = { hooks: HOOKS.hooks.filter(({ ref }) => ref !== './gate.sh') };
      await writeFile(path.join(folder, 'hooks', 'hooks.json'), JSON.stringify(none));
      await gatehouse.compose('kill', '-s', 'HUP', 'gatehouse');
      await until(async () => {
        const { reason } = await gatehouse.end(await gatehouse.submit('first', 'forbidden'));
        return reason !== 'hook_denied';
      });
    },
    STEP_MS,
  );
});
