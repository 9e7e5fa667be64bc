import { describe, expect, test } from '@jest/globals';
import type { Line } from '../../../../../src/agents/claude-print/stream/line.ts';
import { parseLine } from '../../../../../src/agents/claude-print/stream/line.ts';
import { createCourse, type Course } from '../../../../../src/agents/claude-print/turn/course.ts';
import { usageOf } from '../../../../helpers/examples.ts';

const BEGUN: Line = { kind: 'begun', sessionId: 's', permissionMode: 'default' };
const WAKES: Line = { kind: 'wakes', id: 'task' };
const line = (fields: object): Line => parseLine(JSON.stringify(fields));
const result = (fields: object = {}): Line =>
  line({ type: 'result', is_error: false, num_turns: 1, result: 'answer', terminal_reason: 'completed', ...fields });

function begin(isNamed = false): Course {
  const course = createCourse({ isNamed, said: () => 'said', ended() {} });
  course.saying('ours');
  return course;
}

function hear(course: Course, lines: readonly Line[], hasTasks = false): void {
  for (const one of lines) course.hear(one, one.kind === 'result' ? usageOf(1, 1) : null, hasTasks);
}

describe('a turn', () => {
  const named = line({ type: 'command_lifecycle', command_uuid: 'ours', state: 'started' });

  test.each([
    [true, named, 'working'],
    [true, BEGUN, 'said'],
    [false, BEGUN, 'working'],
  ])('of a CLI that names messages (%s) is received when it is told by %j: %s', (isNamed, first, state) => {
    const course = begin(isNamed);
    hear(course, [first]);
    expect(course.state).toBe(state);
  });

  test('is not one that a background task woke before it', async () => {
    const course = begin();
    hear(course, [WAKES, BEGUN, result({ result: 'woken' })]);
    expect(course.state).toBe('said');
    hear(course, [BEGUN, result()]);
    expect(await course.end).toMatchObject({ kind: 'completed', text: 'answer', usage: usageOf(1, 1) });
  });

  test('that leaves work in the background ends when that has woken the agent, with what both took', async () => {
    const course = begin();
    hear(course, [BEGUN, result()], true);
    expect(course.state).toBe('resting');
    hear(course, [WAKES, BEGUN, result({ result: 'and now' })]);
    expect(await course.end).toMatchObject({ kind: 'completed', text: 'and now', usage: { inputTokens: 2 } });
  });

  test('is settled when nothing wakes the agent any more', async () => {
    const course = begin();
    hear(course, [BEGUN, result()], true);
    course.settle();
    expect(await course.end).toMatchObject({ kind: 'completed', text: 'answer' });
  });

  test.each([
    ['kept from the model', { num_turns: 0, result: 'no' }, { reason: 'prompt_refused' }],
    [
      'a success that is an error',
      { is_error: true, result: 'API Error: 529' },
      { reason: 'agent_error', text: 'said' },
    ],
    ['out of money', { is_error: true, api_error_status: 429 }, { reason: 'usage_limited' }],
    ['not logged in', { is_error: true, api_error_status: 401 }, { reason: 'auth_expired' }],
    ['interrupted by nobody', { is_error: true, terminal_reason: 'aborted_tools' }, { reason: 'interrupted' }],
  ])('%s has failed', async (_name, fields, end) => {
    const course = begin();
    hear(course, [BEGUN, result(fields)]);
    expect(await course.end).toMatchObject({ kind: 'failed', ...end });
  });

  test('that was stopped is interrupted, and one that ended first is answered', async () => {
    const stopped = begin();
    stopped.stopping();
    hear(stopped, [BEGUN, result({ is_error: true, terminal_reason: 'aborted_streaming' })]);
    expect(await stopped.end).toMatchObject({ kind: 'interrupted', text: 'said' });
    const answered = begin();
    answered.stopping();
    hear(answered, [BEGUN, result()]);
    expect(await answered.end).toMatchObject({ kind: 'completed' });
  });

  test.each([
    ['before it was begun', [], true, { kind: 'unsubmitted' }],
    ['before it was begun, as far as was heard', [], false, { kind: 'failed', reason: 'submission_unknown' }],
    ['behind its begin', [BEGUN], true, { kind: 'failed', reason: 'agent_exited', text: 'said' }],
  ] as const)('whose agent died %s', async (_name, lines, isHeard, end) => {
    const course = begin();
    hear(course, lines);
    course.died('why', isHeard);
    expect(await course.end).toMatchObject(end);
  });
});
