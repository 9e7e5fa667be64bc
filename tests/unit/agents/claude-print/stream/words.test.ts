import { expect, test } from '@jest/globals';
import { toSaying } from '../../../../../src/agents/claude-print/stream/words.ts';

const PARTS = { token: 't', offset: 7, prompt: 'hello', version: '2.1.332' };

test('the line of a prompt is the same for the same launch and place, and bears a uuid of its own', () => {
  expect(toSaying(PARTS)).toEqual(toSaying(PARTS));
  const uuids = [PARTS, { ...PARTS, offset: 8 }, { ...PARTS, token: 'u' }].map((parts) => toSaying(parts).uuid);
  expect(new Set(uuids).size).toBe(3);
  for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
});

test.each([
  ['2.1.332', '/clear', '/clear', []],
  ['2.1.197', '/clear', ' /clear', ['space_in_front']],
  [null, '/clear now', ' /clear now', ['space_in_front']],
  ['2.1.197', '/usr/bin/env', '/usr/bin/env', []],
  ['2.1.197', '!ls\n-x @a', '!ls\n-x @a', []],
])('version %s gets %j as %j', (version, prompt, text, altered) => {
  const saying = toSaying({ ...PARTS, version, prompt });
  expect(saying).toMatchObject({ text, altered });
  expect(JSON.parse(saying.line)).toMatchObject({ type: 'user', message: { role: 'user', content: text } });
  expect(saying.line).not.toContain('\n');
});
