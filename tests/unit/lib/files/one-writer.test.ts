import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import lockfile from 'proper-lockfile';
import { createOneWriter, type OneWriter } from '../../../../src/lib/files/one-writer.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

const refuse = (file: string, cause: unknown): Error => new Error(`${path.basename(file)} is taken`, { cause });

describe('one writer at a time', () => {
  async function during(writer: OneWriter, file: string, count: number): Promise<{ most: number; order: number[] }> {
    let now = 0;
    let most = 0;
    const order: number[] = [];
    const work = (index: number) => async () => {
      now += 1;
      most = Math.max(most, now);
      await delay(1);
      order.push(index);
      now -= 1;
    };
    await Promise.all(Array.from({ length: count }, (_, index) => writer.run(file, work(index))));
    return { most, order };
  }

  test('a hundred at once all have their turn, in the order in which they came', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'a');
    const { most, order } = await during(createOneWriter({ staleMs: 2_000, waitMs: 0, refuse }), file, 100);
    expect([most, order]).toEqual([1, Array.from({ length: 100 }, (_, index) => index)]);
  });

  test('whoever comes from elsewhere is waited for', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'a');
    const release = await lockfile.lock(file, { realpath: false });
    let isOver = false;
    const turn = createOneWriter({ staleMs: 10_000, refuse }).run(file, async () => (isOver = true));
    await delay(50);
    expect(isOver).toBe(false);
    await release();
    await turn;
    expect(isOver).toBe(true);
  });

  test('who waits too long is refused, and the next one has its turn', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'a');
    const release = await lockfile.lock(file, { realpath: false });
    const writer = createOneWriter({ staleMs: 10_000, waitMs: 30, refuse });
    await expect(writer.run(file, async () => {})).rejects.toThrow('a is taken');
    await release();
    expect(await writer.run(file, async () => 'done')).toBe('done');
  });

  test('a lock that is lost meanwhile ends nothing', async () => {
    using folder = createTempFolder();
    const place = path.join(folder.path, 'b');
    await mkdir(place);
    const writer = createOneWriter({ pathOf: (file) => path.join(file, 'lock'), staleMs: 2_000, refuse });
    const work = async (): Promise<string> => {
      await rm(place, { recursive: true });
      // The library looks at its lock once a second.
      await delay(1_200);
      return 'done';
    };
    expect(await writer.run(place, work)).toBe('done');
  });
});
