import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { SETTLE_MS } from '../../../src/inbox/inbox.ts';
import { take } from '../../../src/inbox/take.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { openInboxRig } from './inbox-rig.ts';

const FULL = new GatewayError('queue_full', 'full', { retry: { afterMs: 5_000 } });

describe('a file', () => {
  test('becomes a request with all that it says, and is moved to taken under the id of it', async () => {
    await using rig = await openInboxRig();
    const head = '---\nworkspace: web\npriority: high\ntimeoutMs: 60000\nreplyTo: telegram:12\n---\n';
    rig.drop('fix.md', `${head}\nFix it.`);
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.gateway.submissions).toEqual([
      {
        workspace: 'web',
        prompt: 'Fix it.',
        promptField: 'body',
        priority: 'high',
        timeoutMs: 60_000,
        replyTo: 'telegram:12',
        source: 'file',
        identity: { transport: 'file', user_id: null, channel_id: 'fix.md', thread_id: null },
        idempotency: { owner: 'file', key: 'fix.md', bodyHash: expect.any(String), field: 'file', kept: true },
        responseFile: 'fix',
      },
    ]);
    expect(rig.names()).toEqual(['taken']);
    expect(rig.names('taken')).toEqual(['fix.req-1.md']);
    expect(rig.read('taken', 'fix.req-1.md')).toBe(`${head}\nFix it.`);
  });

  test('that says nothing runs in the workspace of the bot, in the background', async () => {
    await using rig = await openInboxRig();
    rig.drop('a.md', 'hello');
    await rig.comes(() => rig.prompts().length > 0);
    expect(rig.gateway.submissions).toMatchObject([{ workspace: 'bot', priority: 'background', prompt: 'hello' }]);
  });

  test('that was there before the start is taken, too', async () => {
    using folder = createTempFolder();
    writeFileSync(`${folder.path}/a.json`, '{"command":"hello"}');
    await using rig = await openInboxRig({ folder: folder.path });
    await rig.comes(() => rig.prompts().length > 0);
    expect(rig.prompts()).toEqual(['hello']);
  });

  test('goes before one that arrived later, whatever they are called', async () => {
    using folder = createTempFolder();
    for (const name of ['b', 'c', 'a']) {
      writeFileSync(`${folder.path}/.${name}`, `{"command":"${name}"}`);
      renameSync(`${folder.path}/.${name}`, `${folder.path}/${name}.json`);
      const arrived = statSync(`${folder.path}/${name}.json`, { bigint: true }).ctimeNs;
      // The system counts in steps of some milliseconds.
      for (let now = arrived; now === arrived;) {
        writeFileSync(`${folder.path}/.clock`, '');
        now = statSync(`${folder.path}/.clock`, { bigint: true }).ctimeNs;
      }
    }
    await using rig = await openInboxRig({ folder: folder.path });
    await rig.comes(() => rig.prompts().length === 3);
    expect(rig.prompts()).toEqual(['b', 'c', 'a']);
  });

  test.each(['.hidden.md', 'a.md.tmp', 'a.txt', 'a.response.md', 'a.error.md'])('%s is left alone', async (name) => {
    await using rig = await openInboxRig();
    rig.drop(name, 'hello');
    rig.drop('z.md', 'other');
    await rig.comes(() => rig.prompts().length > 0);
    expect(rig.prompts()).toEqual(['other']);
    expect(rig.names()).toContain(name);
  });
});

describe('P1: a file that seems to be another one at each look', () => {
  test('runs once, however often it comes back from its move', async () => {
    const gateway = createFakeGateway();
    const requests: unknown[] = [];
    const released: string[] = [];
    using folder = createTempFolder();
    writeFileSync(`${folder.path}/job.md`, 'once');
    const arrival = { name: 'job.md', kind: 'file', dev: 1n, ino: 1n, fingerprint: '', isSettled: true } as const;
    const deps = {
      folder: folder.path,
      workspace: 'bot',
      requests: gateway.requests,
      keptKeys: { release: async (_owner: string, name: string) => void released.push(name) },
      places: {
        moveToTaken: async (_name: string, id: string) => (requests.push(id), 'replaced' as const),
        reject: async () => true,
      },
      onRenumbered: () => {},
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    };
    for (let look = 0; look < 3; look += 1) await take(deps, arrival);
    expect(released).toEqual([]);
    expect(gateway.accepted).toHaveLength(1);
    expect(new Set(requests).size).toBe(1);
  });
});

describe('completeness', () => {
  test('of a JSON object is proven by its last bracket: no time has to pass', async () => {
    await using rig = await openInboxRig();
    rig.drop('a.json', '{"command":"hello"');
    await rig.pass(SETTLE_MS / 2);
    expect(rig.prompts()).toEqual([]);
    appendFileSync(rig.path('a.json'), '}');
    expect(await rig.comesIn(() => rig.prompts().includes('hello'))).toBeLessThan(SETTLE_MS);
  });

  test('of Markdown is waited for: what is still written to is not taken', async () => {
    await using rig = await openInboxRig();
    let text = '';
    for (const part of ['one ', 'two ', 'three ', 'four']) {
      text += part;
      appendFileSync(rig.path('a.md'), part);
      await rig.pass(SETTLE_MS - 200);
    }
    expect(rig.prompts()).toEqual([]);
    await rig.comes(() => rig.prompts().length > 0);
    expect(rig.prompts()).toEqual([text]);
  });

  test('begins anew with another file of the same name and size', async () => {
    await using rig = await openInboxRig();
    rig.drop('a.md', 'first');
    await rig.pass(SETTLE_MS - 200);
    rig.drop('.next', 'other');
    renameSync(rig.path('.next'), rig.path('a.md'));
    await rig.pass(SETTLE_MS - 200);
    expect(rig.prompts()).toEqual([]);
    await rig.comes(() => rig.prompts().length > 0);
    expect(rig.prompts()).toEqual(['other']);
  });
});

describe('a full queue', () => {
  test('lets files wait where they are, and takes them in their order when there is room', async () => {
    let isFull = true;
    const gateway = createFakeGateway();
    await using rig = await openInboxRig({
      gateway,
      wrap: ({ requests }) => ({
        requests: {
          submit: (submission) => (isFull ? Promise.reject(FULL) : requests.submit(submission)),
        },
      }),
    });
    for (const name of ['a', 'b', 'c']) rig.drop(`${name}.json`, `{"command":"${name}"}`);
    await rig.pass(12_000);
    expect(rig.names()).toEqual(['a.json', 'b.json', 'c.json']);
    isFull = false;
    await rig.comes(() => rig.prompts().length === 3);
    expect(rig.prompts()).toEqual(['a', 'b', 'c']);
  });

  test('of one workspace holds up the files of no other, and is asked once in a look', async () => {
    const asked: string[] = [];
    await using rig = await openInboxRig({
      wrap: ({ requests }) => ({
        requests: {
          submit: (submission) => {
            asked.push(submission.prompt);
            return submission.workspace === 'full' ? Promise.reject(FULL) : requests.submit(submission);
          },
        },
      }),
    });
    for (const name of ['a', 'b', 'c']) rig.drop(`${name}.json`, `{"command":"${name}","workspace":"full"}`);
    rig.drop('z.json', '{"command":"z","workspace":"free"}');
    await rig.comes(() => rig.prompts().includes('z'));
    asked.length = 0;
    await rig.comes(() => asked.length > 0);
    expect(new Set(asked)).toEqual(new Set(['a']));
  });
});

describe('exactly one request', () => {
  test('when the gateway dies between accepting and moving', async () => {
    using folder = createTempFolder();
    const gateway = createFakeGateway();
    writeFileSync(`${folder.path}/a.json`, '{"command":"hello"}');
    {
      await using rig = await openInboxRig({
        gateway,
        folder: folder.path,
        wrap: ({ requests }) => ({
          requests: {
            submit: async (submission) => {
              await requests.submit(submission);
              throw new Error('killed');
            },
          },
        }),
      });
      await rig.comes(() => gateway.accepted.length === 1);
    }
    await using rig = await openInboxRig({ gateway, folder: folder.path });
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.names('taken')).toEqual(['a.req-1.json']);
    await rig.comes(async () => (await gateway.keptKeys.list('file')).length === 0);
    expect(gateway.accepted).toHaveLength(1);
  });

  test('when it dies between moving and noting that; the same file dropped again is another one', async () => {
    using folder = createTempFolder();
    const gateway = createFakeGateway();
    writeFileSync(`${folder.path}/a.json`, '{"command":"hello"}');
    {
      await using rig = await openInboxRig({
        gateway,
        folder: folder.path,
        wrap: ({ keptKeys }) => ({ keptKeys: { ...keptKeys, release: () => Promise.reject(new Error('killed')) } }),
      });
      await rig.comes(() => rig.names('taken').length > 0);
    }
    expect(await gateway.keptKeys.list('file')).toEqual(['a.json']);
    await using rig = await openInboxRig({ gateway, folder: folder.path });
    await rig.comes(async () => (await gateway.keptKeys.list('file')).length === 0);
    renameSync(rig.path('taken', 'a.req-1.json'), rig.path('a.json'));
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.names('taken')).toEqual(['a.req-2.json']);
  });

  test('for each drop of the same name with the same content, also with the same times', async () => {
    await using rig = await openInboxRig();
    const content = '{"command":"again"}';
    for (const times of [1, 2, 3]) {
      rig.drop('.a', content);
      utimesSync(rig.path('.a'), 1_000, 1_000);
      renameSync(rig.path('.a'), rig.path('a.json'));
      await rig.comes(() => rig.names('taken').length === times);
    }
    expect(rig.gateway.accepted).toHaveLength(3);
    expect(rig.names('taken')).toEqual(['a.req-1.json', 'a.req-2.json', 'a.req-3.json']);
  });

  test('when it was accepted, and replaced by another file before a restart', async () => {
    using folder = createTempFolder();
    const gateway = createFakeGateway();
    const fails = { submit: () => Promise.reject(new Error('killed')) };
    writeFileSync(`${folder.path}/a.json`, '{"command":"first"}');
    {
      await using rig = await openInboxRig({
        gateway,
        folder: folder.path,
        wrap: ({ requests }) => ({
          requests: { submit: async (submission) => requests.submit(submission).then(fails.submit) },
        }),
      });
      await rig.comes(() => gateway.accepted.length === 1);
    }
    writeFileSync(`${folder.path}/a.json`, '{"command":"second"}');
    await using rig = await openInboxRig({ gateway, folder: folder.path });
    await rig.comes(() => rig.names('taken').length > 0);
    expect(rig.prompts()).toEqual(['first', 'second']);
    expect(rig.names('taken')).toEqual(['a.req-2.json']);
  });

  test('for each of two, when the second replaces the first in the moment between accepting and moving', async () => {
    await using rig = await openInboxRig({
      wrap: ({ requests }) => ({
        requests: {
          submit: async (submission) => {
            const submitted = await requests.submit(submission);
            if (submission.prompt === 'first') {
              rig.drop('.next', '{"command":"second"}');
              renameSync(rig.path('.next'), rig.path('a.json'));
            }
            return submitted;
          },
        },
      }),
    });
    rig.drop('a.json', '{"command":"first"}');
    await rig.comes(() => rig.names('taken').includes('a.req-2.json'));
    expect(rig.prompts()).toEqual(['first', 'second']);
    expect(rig.read('taken', 'a.req-2.json')).toContain('second');
    expect(rig.names()).not.toContain('a.json');
  });

  test('when its writer takes it back in that moment', async () => {
    await using rig = await openInboxRig({
      wrap: ({ requests }) => ({
        requests: {
          submit: async (submission) => {
            const submitted = await requests.submit(submission);
            unlinkSync(rig.path('a.json'));
            return submitted;
          },
        },
      }),
    });
    rig.drop('a.json', '{"command":"hello"}');
    await rig.comes(() => rig.logged.includes('inbox.taken'));
    expect(await rig.gateway.keptKeys.list('file')).toEqual([]);
    await rig.inbox.check();
  });

  test('while it cannot be moved; the others are taken meanwhile', async () => {
    await using rig = await openInboxRig();
    // Stands where the file would go.
    mkdirSync(rig.path('taken'));
    mkdirSync(rig.path('taken', 'a.req-1.json'));
    rig.drop('a.json', '{"command":"a"}');
    await rig.comes(() => rig.logged.includes('inbox.not_usable'));
    await expect(rig.inbox.check()).rejects.toThrow('TASKS_DIR cannot be used (EISDIR)');
    rig.drop('b.json', '{"command":"b"}');
    await rig.comes(() => rig.names('taken').includes('b.req-2.json'));
    await rig.pass(25_000);
    expect(rig.gateway.accepted).toHaveLength(2);
    renameSync(rig.path('taken', 'a.req-1.json'), rig.path('taken', 'gone'));
    await rig.comes(() => rig.names('taken').includes('a.req-1.json'));
    await rig.comes(() => rig.logged.includes('inbox.usable_again'));
    await rig.inbox.check();
  });
});

describe('the folder', () => {
  test('may vanish and come back: it shows, and goes on', async () => {
    await using rig = await openInboxRig();
    renameSync(rig.folder, `${rig.folder}.away`);
    await rig.comes(() => rig.logged.includes('inbox.not_usable'));
    await expect(rig.inbox.check()).rejects.toThrow('TASKS_DIR cannot be used (ENOENT)');
    await rig.pass(25_000);
    expect(rig.logged.filter((event) => event === 'inbox.not_usable')).toHaveLength(1);
    cpSync(`${rig.folder}.away`, rig.folder, { recursive: true });
    rig.drop('a.json', '{"command":"hello"}');
    await rig.comes(() => rig.prompts().length > 0);
    await rig.comes(() => rig.logged.includes('inbox.usable_again'));
    await rig.inbox.check();
  });

  test('that another one took the place of is watched as before', async () => {
    await using rig = await openInboxRig();
    await rig.pass(100);
    renameSync(rig.folder, `${rig.folder}.away`);
    mkdirSync(rig.folder);
    await rig.pass(10_100);
    rig.drop('a.json', '{"command":"hello"}');
    // Less than it takes to be found without being told.
    expect(await rig.comesIn(() => rig.prompts().includes('hello'))).toBeLessThan(8_000);
  });

  test('is used no more once the inbox is closed', async () => {
    await using rig = await openInboxRig();
    await rig.inbox.close();
    expect(rig.clock.pending()).toBe(0);
    copyFileSync('package.json', rig.path('a.json'));
    expect(rig.clock.pending()).toBe(0);
  });

  test('gives no more files to a gateway that stops', async () => {
    const gateway = createFakeGateway();
    await using rig = await openInboxRig({ gateway });
    gateway.failNext(new GatewayError('draining', 'stopping'));
    rig.drop('a.json', '{"command":"hello"}');
    await rig.comes(() => gateway.submissions.length > 0);
    expect(rig.names()).toEqual(['a.json']);
    await rig.inbox.check();
  });
});
