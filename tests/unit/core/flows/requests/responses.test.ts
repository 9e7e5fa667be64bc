import { describe, expect, test } from '@jest/globals';
import type { ResponseFiles } from '../../../../../src/inbox/response-files.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse } from '../house.ts';

interface FakeFiles extends ResponseFiles {
  readonly written: readonly string[];
  /** The next writes reject. */
  fail(times: number): void;
}

function createFakeFiles(): FakeFiles {
  const written: string[] = [];
  let failures = 0;
  return {
    written,
    fail: (times) => (failures = times),
    async write(name, { id, state, text }) {
      if (failures > 0) {
        failures -= 1;
        throw new Error('ENOSPC');
      }
      written.push(`${name} ${id} ${state} ${text}`);
    },
    check: async () => {},
  };
}

const file = { source: 'file', responseFile: 'task' } as const;
const socket = { source: 'ws', priority: 'interactive', attended: true } as const;

describe('response files', () => {
  test('are written once, when the request has ended, however it ended', async () => {
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ responseFiles });
    await house.ask('demo', 'cancelled', file);
    await house.api.requests.cancel('req-1');
    await house.start();
    const id = await house.ask('demo', 'hello', file);
    const { text } = await house.ended(id);
    await until(() => responseFiles.written.length === 2);
    expect(responseFiles.written).toEqual(['task req-1 cancelled null', `task ${id} completed ${text}`]);
    await until(async () => (await house.store.countOwed()) === 0);
  });

  test('that cannot be written are tried again', async () => {
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ responseFiles });
    responseFiles.fail(2);
    await house.start();
    await house.ask('demo', 'hello', file);
    for (const times of [1, 2]) {
      await until(() => house.logged.filter((event) => event === 'delivery.failed').length === times);
      house.clock.advance(5_000);
    }
    await until(() => responseFiles.written[0]);
    expect(responseFiles.written).toHaveLength(1);
  });

  test('that cannot be written do not hold up the others', async () => {
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ responseFiles: { ...responseFiles, write: writeAllBut('bad') } });
    const names = [...Array.from({ length: 25 }, () => 'bad'), 'good'];
    const ids = await Promise.all(
      names.map((name) => house.ask(name, 'hello', { source: 'file', responseFile: name })),
    );
    await house.start();
    await Promise.all(ids.map(house.ended));
    await until(() => responseFiles.written[0]);
    expect(responseFiles.written).toEqual([expect.stringContaining('good ')]);

    function writeAllBut(bad: string): ResponseFiles['write'] {
      return async (name, request) => {
        if (name === bad) throw new Error('EACCES');
        return responseFiles.write(name, request);
      };
    }
  });

  test('of a process that ended before it wrote them are written by the next', async () => {
    using folder = createTempFolder();
    {
      const responseFiles: ResponseFiles = { write: () => Promise.reject(new Error('EIO')), check: async () => {} };
      await using before = await openHouse({ folder: folder.path, responseFiles });
      await before.start();
      await before.ended(await before.ask('demo', 'hello', file));
    }
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ folder: folder.path, responseFiles });
    await house.start();
    house.clock.advance(5_000);
    await until(() => responseFiles.written[0]);
    expect(responseFiles.written[0]).toMatch(/^task req-1 completed/);
  });

  test('are not owed without a folder for them', async () => {
    await using house = await openHouse();
    await house.ask('demo', 'hello', file);
    await house.api.requests.cancel('req-1');
    expect(await house.store.countOwed()).toBe(0);
  });
});

describe('a client at its connection', () => {
  test('that has its answer is owed no file', async () => {
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ responseFiles });
    await house.start();
    const id = await house.ask('demo', 'hello', socket);
    await house.ended(id);
    await house.api.answers.handedOver(id);
    await house.api.answers.leave(id);
    await house.ended(await house.ask('demo', 'other', file));
    await until(() => responseFiles.written[0]);
    expect(responseFiles.written).toEqual([expect.stringMatching(/^task req-2/)]);
  });

  test('that left before or after the end gets a file named after the request', async () => {
    const responseFiles = createFakeFiles();
    await using house = await openHouse({ responseFiles });
    await house.start();
    const after = await house.ask('demo', 'hello', socket);
    await house.ended(after);
    await house.api.answers.leave(after);
    const before = await house.ask('demo', 'other', socket);
    await house.api.answers.leave(before);
    await house.ended(before);
    await until(() => responseFiles.written.length === 2);
    expect(responseFiles.written.map((line) => line.split(' ')[0])).toEqual([after, before]);
  });

  test('that left is overtaken by all that have not', async () => {
    await using house = await openHouse();
    const left = await house.ask('demo', 'left', socket);
    const stayed = await house.ask('demo', 'stayed', { priority: 'normal' });
    await house.api.answers.leave(left);
    await house.start();
    const [first, second] = await Promise.all([house.ended(stayed), house.ended(left)]);
    expect(first.startedAt).not.toBeNull();
    expect((await house.store.listEvents(0, 100)).filter(({ type }) => type === 'request.started')).toMatchObject([
      { requestId: stayed },
      { requestId: left },
    ]);
    expect(second.priority).toBe('background');
  });

  test('was left alone by a gateway that was killed', async () => {
    await using house = await openHouse();
    const id = await house.ask('demo', 'hello', socket);
    await house.start();
    expect((await house.store.listEvents(0, 100)).map(({ type }) => type)).toContain('request.left');
    expect((await house.ended(id)).priority).toBe('background');
  });
});
