import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { FILE_MAX_BYTES } from '../../../src/inbox/task-file.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { openInboxRig, type InboxRig } from './inbox-rig.ts';

/** Makes something in the folder; `elsewhere` is a file outside of it. */
type Make = (rig: InboxRig, elsewhere: string) => void;

const content =
  (name: string, text: string | Buffer): Make =>
  (rig) =>
    rig.drop(name, text);

const bad: readonly (readonly [string, string, string, RegExp, Make])[] = [
  ['an unknown field', 'a.md', '"agent"', /agent is unknown/, content('a.md', '---\nagent: x\n---\nhi')],
  ['a wrong field', 'a.md', '"priority"', /priority is one of high/, content('a.md', '---\npriority: p1\n---\nhi')],
  ['front matter that does not end', 'a.md', '"front matter"', /no second line ---/, content('a.md', '---\na: b\n')],
  ['an empty file', 'a.md', '"body"', /body is empty/, content('a.md', '')],
  ['an empty prompt', 'a.json', '"command"', /command is empty/, content('a.json', '{"command":" "}')],
  ['a prompt that is too long', 'a.md', '"body"', /over 262144 bytes/, content('a.md', 'x'.repeat(262_145))],
  ['half a JSON object', 'a.json', '"file"', /not valid JSON/, content('a.json', '{"command":"hi"')],
  ['what is not UTF-8', 'a.md', '"file"', /not text in UTF-8/, content('a.md', Buffer.from([0xc3, 0x28]))],
  ['a file that is too large', 'a.md', 'null', /over 2097152 bytes/, content('a.md', Buffer.alloc(FILE_MAX_BYTES + 1))],
  ['a symbolic link', 'a.md', 'null', /symbolic link/, (rig, file) => symlinkSync(file, rig.path('a.md'))],
  ['a link to nothing', 'a.md', 'null', /symbolic link/, (rig) => symlinkSync('nowhere', rig.path('a.md'))],
  ['a hard link', 'a.md', 'null', /hard link/, (rig, file) => linkSync(file, rig.path('a.md'))],
  ['a hard link to JSON', 'a.json', 'null', /hard link/, (rig, file) => linkSync(file, rig.path('a.json'))],
  ['a pipe', 'a.md', 'null', /no regular file/, (rig) => void execFileSync('mkfifo', [rig.path('a.md')])],
];

describe('what is refused', () => {
  test.each(bad)('%s is set aside, with an explanation', async (_what, name, field, why, make) => {
    using folder = createTempFolder();
    const elsewhere = `${folder.path}/secret`;
    writeFileSync(elsewhere, '{"command":"a secret"}');
    mkdirSync(`${folder.path}/tasks`);
    await using rig = await openInboxRig({ folder: `${folder.path}/tasks` });
    make(rig, elsewhere);
    await rig.comes(() => rig.names('rejected').length === 2);
    await rig.comes(() => !rig.names().includes(name));
    expect(rig.names('rejected')).toEqual([name, 'a.error.md'].toSorted());
    const explanation = rig.read('rejected', 'a.error.md');
    expect(explanation).toContain(`---\nfile: "${name}"\nfield: ${field}\n---\n`);
    expect(explanation).toMatch(why);
    expect(rig.gateway.accepted).toEqual([]);
    expect(readdirSync(folder.path)).toEqual(['secret', 'tasks']);
    await rig.inbox.check();
  });

  test('P3: the loser of a conflict is set aside, and the winner alone runs', async () => {
    await using rig = await openInboxRig();
    rig.drop('a.sync-conflict-20261129-143015-ABCDEF7.json', '{"command":"loser"}');
    rig.drop('a.json', '{"command":"winner"}');
    await rig.comes(() => rig.names('rejected').length === 2 && rig.prompts().length > 0);
    expect(rig.prompts()).toEqual(['winner']);
    expect(rig.read('rejected', 'a.sync-conflict-20261129-143015-ABCDEF7.error.md')).toMatch(/keeps folders in step/);
  });

  test('a folder is neither looked into nor moved, and explained once', async () => {
    await using rig = await openInboxRig();
    mkdirSync(rig.path('sub.md'));
    writeFileSync(rig.path('sub.md', 'a.md'), 'hello');
    await rig.comes(() => rig.names('rejected').length > 0);
    await rig.pass(25_000);
    expect(rig.names()).toEqual(['rejected', 'sub.md']);
    expect(rig.names('rejected')).toEqual(['sub.md.folder-error.md']);
    expect(rig.read('rejected', 'sub.md.folder-error.md')).toMatch(/folders are not looked into/);
    expect(rig.logged.filter((event) => event === 'inbox.rejected')).toHaveLength(1);
    expect(rig.gateway.accepted).toEqual([]);
  });

  test('a file whose name is not UTF-8 stays where it is, and is explained once', async () => {
    await using rig = await openInboxRig();
    const name = Buffer.concat([Buffer.from(rig.path('caf')), Buffer.from([0xe9]), Buffer.from('.md')]);
    writeFileSync(name, 'hello');
    await rig.comes(() => rig.names('rejected').length > 0);
    await rig.pass(25_000);
    expect(rig.names()).toEqual(['caf\ufffd.md', 'rejected']);
    expect(rig.names('rejected')).toEqual(['caf\ufffd.md.nameless-error.md']);
    expect(rig.read('rejected', 'caf\ufffd.md.nameless-error.md')).toMatch(/its name is not UTF-8/);
    expect(rig.gateway.accepted).toEqual([]);
    unlinkSync(name);
  });

  test('what the gateway refuses names the field, too', async () => {
    const refusal = new GatewayError('invalid_field', 'workspace is 1 to 63 letters', { field: 'workspace' });
    await using rig = await openInboxRig({
      wrap: () => ({ requests: { submit: () => Promise.reject(refusal) } }),
    });
    rig.drop('a.json', '{"command":"hi","workspace":"../up"}');
    await rig.comes(() => rig.names('rejected').length === 2);
    expect(rig.read('rejected', 'a.error.md')).toContain('field: "workspace"');
  });

  test('what the machine is to blame for is not: the file waits for its repair', async () => {
    const gateway = createFakeGateway();
    await using rig = await openInboxRig({ gateway });
    const cause = new Error('EROFS');
    gateway.failNext(new GatewayError('invalid_field', 'The folder cannot be created', { field: 'workspace', cause }));
    rig.drop('a.json', '{"command":"hi"}');
    await rig.comes(() => rig.logged.includes('inbox.not_usable'));
    await expect(rig.inbox.check()).rejects.toThrow('Files wait in TASKS_DIR: The folder cannot be created');
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.names('rejected')).toEqual([]);
  });

  test('two of one name are both kept', async () => {
    await using rig = await openInboxRig();
    for (const [text, count] of [
      ['{"command":1}', 2],
      ['{"command":2}', 4],
    ] as const) {
      rig.drop('a.json', text);
      await rig.comes(() => rig.names('rejected').length === count);
      await rig.comes(() => !rig.names().includes('a.json'));
    }
    expect(rig.names('rejected')).toEqual(['a-2.error.md', 'a-2.json', 'a.error.md', 'a.json']);
    expect(rig.read('rejected', 'a-2.json')).toBe('{"command":2}');
  });

  test('one that is mended and dropped again is taken', async () => {
    await using rig = await openInboxRig();
    rig.drop('a.json', '{}');
    await rig.comes(() => rig.names('rejected').length === 2 && !rig.names().includes('a.json'));
    rig.drop('a.json', '{"command":"hi"}');
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.prompts()).toEqual(['hi']);
  });

  test.each(['taken', 'rejected'])('a link in the place of %s is not followed', async (place) => {
    using elsewhere = createTempFolder();
    await using rig = await openInboxRig();
    symlinkSync(elsewhere.path, rig.path(place));
    rig.drop('good.json', '{"command":"hi"}');
    rig.drop('bad.json', '{}');
    await rig.comes(() => rig.logged.includes('inbox.not_usable'));
    await rig.pass(12_000);
    expect(readdirSync(elsewhere.path)).toEqual([]);
    unlinkSync(rig.path(place));
    await rig.comes(() => rig.names('taken').length === 1 && rig.names('rejected').length === 2);
    expect(rig.gateway.accepted).toHaveLength(1);
  });

  test('the longest names can be set aside and taken', async () => {
    await using rig = await openInboxRig();
    const long = 'ü'.repeat(120);
    rig.drop(`${long}.md`, '');
    rig.drop(`${long}.json`, '{"command":"hi"}');
    await rig.comes(() => rig.names('taken').length === 1 && rig.names('rejected').length === 2);
    expect(rig.names()).toEqual(['rejected', 'taken']);
  });

  test('a draft of an explanation that somebody made a link of is not followed', async () => {
    using folder = createTempFolder();
    writeFileSync(`${folder.path}/secret`, 'kept');
    await using rig = await openInboxRig();
    mkdirSync(rig.path('rejected'));
    symlinkSync(`${folder.path}/secret`, rig.path('rejected', '.a.error.md.draft'));
    rig.drop('.next', '{}');
    renameSync(rig.path('.next'), rig.path('a.json'));
    await rig.comes(() => rig.names('rejected').length === 2);
    await rig.comes(() => rig.names('rejected').includes('a.json'));
    expect(readdirSync(folder.path)).toEqual(['secret']);
    expect(rig.read('rejected', 'a.error.md')).toContain('did not become a request');
  });
});
