import { expect, test } from '@jest/globals';
import type { TranscriptFinding } from '../../../../../src/agents/claude/transcript/transcript.ts';
import { toEnd, toStopped } from '../../../../../src/agents/claude/watch/turn-ends.ts';
import { toFailure } from '../../../../../src/agents/program/ending/failure.ts';

test.each<[TranscriptFinding, string | null, object | null]>([
  [{ kind: 'absent' }, null, null],
  [{ kind: 'begun', promptId: 'p1', text: null }, 'half', null],
  [{ kind: 'ended', promptId: null, text: null }, 'half', { kind: 'completed', text: '' }],
  [
    { kind: 'interrupted', promptId: null, text: 'from the file' },
    null,
    { reason: 'interrupted', text: 'from the file' },
  ],
  [
    { kind: 'interrupted', promptId: null, text: 'from the file' },
    'as told',
    { reason: 'interrupted', text: 'as told' },
  ],
  [{ kind: 'resting', promptId: 'p1', text: 'It runs.', tasks: ['b1'], wakeUps: [] }, 'half', null],
  [
    { kind: 'refused', words: 'no' },
    null,
    { reason: 'prompt_refused', error: expect.stringMatching(/:\nno$/), text: null },
  ],
  [
    { kind: 'failed', promptId: null, text: 'half', error: 'authentication_failed', message: 'Log in.' },
    null,
    { reason: 'auth_expired', error: 'Log in.', text: 'half' },
  ],
])('the transcript’s %j, with %j told before, is the end %j', (found, told, expected) => {
  const end = toEnd(found, told, 'unknown');
  if (expected === null) expect(end).toBeNull();
  else expect(end).toMatchObject(expected);
});

test('a failure without words says that the model could not be asked', () => {
  expect(toFailure('server_error', null, null)).toEqual({
    kind: 'failed',
    reason: 'agent_error',
    error: 'The model could not be asked.',
    text: null,
  });
});

test.each([
  ['unknown', 'API Error: 400 messages: bad', 'model_refused'],
  ['unknown', 'API Error: 413 too large', 'model_refused'],
  ['invalid_request', 'it violates our Usage Policy', 'model_refused'],
  ['unknown', 'API Error: 529 overloaded', 'agent_error'],
  ['unknown', 'I read of an API Error: 400', 'agent_error'],
  ['server_error', 'Connection error.', 'agent_error'],
] as const)('%s with %j is %s', (error, message, reason) => {
  const end = toFailure(error, message, null);
  expect(end).toMatchObject({ reason, error: expect.stringContaining(message) });
  if (end.kind === 'failed') expect(end.error.includes('DELETE /session')).toBe(reason === 'model_refused');
});

test('T14: only a person who pressed a key interrupted it at the terminal', () => {
  const words = (['person', 'program', 'unknown'] as const).map((by) => JSON.stringify(toStopped(null, by)));
  expect(words.map((text) => text.includes('interrupted at the terminal'))).toEqual([true, false, false]);
});
