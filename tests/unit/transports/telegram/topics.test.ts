import { expect, test } from '@jest/globals';
import { toTopicName } from '../../../../src/transports/telegram/topics.ts';

test.each([
  ['x'.repeat(200), 'x'.repeat(128)],
  [`${'x'.repeat(127)}🏠`, 'x'.repeat(127)],
  ['  two\nlines ', 'two lines'],
  ['  \n ', 'Task'],
])('a topic is named within the limits of Telegram, no character cut in half', (name, topic) => {
  expect(toTopicName(name)).toBe(topic);
});
