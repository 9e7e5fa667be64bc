import { expect, test } from '@jest/globals';
import { follow } from '../../../../../src/agents/claude-print/stream/follow.ts';
import { createKeptLog } from '../../../../helpers/kept-log.ts';
import { createFakeStream } from '../../../../helpers/print-rig.ts';
import { until } from '../../../../helpers/until.ts';

function followFake() {
  const stream = createFakeStream();
  const taken: string[] = [];
  const log = createKeptLog();
  const follower = follow({ stream, workspace: 'w', take: ({ text }) => taken.push(text), rested() {}, log });
  return { stream, taken, follower, log };
}

test('a call that fails is made again, and no line is lost', async () => {
  const { stream, taken, follower, log } = followFake();
  stream.fail('hear', 2);
  stream.tell({ n: 1 });
  await until(() => taken.length > 0);
  stream.tell({ n: 2 });
  await until(() => taken.length > 1);
  follower.stop();
  expect(taken).toEqual(['{"n":1}', '{"n":2}']);
  expect(log.of('agent.not_heard').length).toBeGreaterThan(0);
});

test('what is drained twice at once is taken once', async () => {
  const { stream, taken, follower } = followFake();
  await until(() => follower.offset === 0);
  stream.tell({ n: 1 }, { n: 2 });
  expect(await Promise.all([follower.drain(), follower.drain()])).toEqual([true, true]);
  expect(taken).toEqual(['{"n":1}', '{"n":2}']);
});
