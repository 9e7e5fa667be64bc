import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../../src/core/model/errors.ts';
import { createInOrder, type InOrder, wayOf } from '../../../../src/transports/chat/in-order.ts';
import { createKeptLog, type KeptLog } from '../../../helpers/kept-log.ts';
import { until } from '../../../helpers/until.ts';

interface Bench {
  readonly inOrder: InOrder;
  readonly log: KeptLog;
  readonly done: string[];
  readonly closing: AbortController;
  readonly note: (what: string) => () => Promise<void>;
}

function openBench(): Bench {
  const log = createKeptLog();
  const closing = new AbortController();
  const done: string[] = [];
  const inOrder = createInOrder({ network: 'telegram', log, signal: closing.signal, retryMs: 1 });
  return { inOrder, log, done, closing, note: (what) => async () => void done.push(what) };
}

describe('what is held', () => {
  test('holds up what is in turn behind it, and nothing that is beside, or of another key', async () => {
    const { inOrder, done, note } = openBench();
    const gate = Promise.withResolvers<void>();
    void inOrder.add('a', 'in_turn', note('before'));
    void inOrder.add('a', 'held', () => gate.promise.then(note('file')));
    void inOrder.add('a', 'in_turn', note('behind'));
    void inOrder.add('b', 'in_turn', note('elsewhere'));
    await inOrder.add('a', 'beside', note('press'));
    expect(done).toEqual(['before', 'elsewhere', 'press']);
    gate.resolve();
    await inOrder.settled();
    expect(done).toEqual(['before', 'elsewhere', 'press', 'file', 'behind']);
  });

  test('is behind what is in turn, as all that is beside is', async () => {
    const { inOrder, done, note } = openBench();
    const gate = Promise.withResolvers<void>();
    void inOrder.add('a', 'in_turn', () => gate.promise.then(note('first')));
    void inOrder.add('a', 'beside', note('command'));
    void inOrder.add('a', 'held', note('file'));
    gate.resolve();
    await inOrder.settled();
    expect(done).toEqual(['first', 'command', 'file']);
  });
});

describe('what rejects', () => {
  test('always is passed over after a few tries, with one line', async () => {
    const { inOrder, done, log, note } = openBench();
    let tries = 0;
    const failing = inOrder.add('a', 'in_turn', async () => {
      tries += 1;
      throw new Error('broken');
    });
    await inOrder.add('a', 'in_turn', note('next'));
    expect([await failing, tries, done]).toEqual([true, 5, ['next']]);
    expect(log.of('telegram.update_waits')).toHaveLength(1);
    expect(log.of('telegram.update_dropped')).toEqual([{ error: 'Error: broken' }]);
  });

  test('with what passes by itself is tried until it is done, or the end comes', async () => {
    const { inOrder, closing, log } = openBench();
    let tries = 0;
    const waiting = inOrder.add('a', 'in_turn', async () => {
      tries += 1;
      throw new GatewayError('storage_unavailable', 'full');
    });
    await until(() => tries > 7);
    closing.abort();
    expect([await waiting, log.of('telegram.update_dropped')]).toEqual([false, []]);
  });
});

test.each([
  ['/cancel', true, 'beside'],
  ['/new demo', false, 'in_turn'],
  ['/compact', false, 'in_turn'],
  ['look', true, 'held'],
])('%s (with files: %s) is %s', (text, hasFiles, way) => {
  expect(wayOf(text, hasFiles)).toBe(way);
});
