import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { narrate, type Narration } from '../../../../../src/agents/claude/narration/narration.ts';
import type { Step } from '../../../../../src/agents/claude/transcript/steps.ts';
import type { Notice } from '../../../../../src/core/ports/agent.ts';

interface Told {
  readonly narration: Narration;
  readonly notices: readonly Notice[];
  readonly hear: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly piece: (index: number, delta: string, more?: Readonly<Record<string, unknown>>) => void;
  readonly text: () => string;
}

function listen(): Told {
  const notices: Notice[] = [];
  const narration = narrate((notice) => notices.push(notice));
  const hear: Told['hear'] = (event, fields) =>
    narration.hear(parseHookPayload({ hook_event_name: event, session_id: 's', prompt_id: 'p1', ...fields }));
  return {
    narration,
    notices,
    hear,
    piece: (index, delta, more) => hear('MessageDisplay', { message_id: 'm1', index, delta, final: false, ...more }),
    text: () => textOf(notices),
  };
}

const textOf = (notices: readonly Notice[]): string =>
  notices.flatMap(({ type, data }) => (type === 'agent.said' ? String(data['text']) : [])).join('');
const said = (text: string, id = `uuid-${text}`): Step => ({ kind: 'said', id, text });

describe('what the agent says', () => {
  test('is told piece by piece, and the last piece of a message says so', () => {
    const { piece, notices } = listen();
    piece(0, 'one\n');
    piece(1, 'two', { final: true });
    expect(notices).toEqual([
      { type: 'agent.said', data: { messageId: 'm1', text: 'one\n', final: false } },
      { type: 'agent.said', data: { messageId: 'm1', text: 'two', final: true } },
    ]);
  });

  test('is told in order and once, in whatever order and however often its pieces come', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }).chain((texts) =>
          fc.record({
            texts: fc.constant(texts),
            order: fc.shuffledSubarray([...texts.keys(), ...texts.keys()], { minLength: texts.length * 2 }),
          }),
        ),
        ({ texts, order }) => {
          const { piece, text } = listen();
          for (const index of order) piece(index, texts[index] ?? '', { final: index === texts.length - 1 });
          expect(text()).toBe(texts.join(''));
        },
      ),
    ));

  test('is cut where it is long, never inside of a character, and only the end is final', () => {
    const { piece, notices, text } = listen();
    const long = `x${'🚪'.repeat(5_000)}`;
    piece(0, long, { final: true });
    expect(text()).toBe(long);
    expect(notices.length).toBeGreaterThan(1);
    expect(notices.every(({ data }) => String(data['text']).isWellFormed())).toBe(true);
    expect(notices.map(({ data }) => data['final'])).toEqual([...notices.slice(1).map(() => false), true]);
  });

  test.each([
    ['all of it', ['one\n', 'two  \n'], 'one\ntwo'],
    ['a part of it', ['one\n'], 'one\ntwo'],
    ['nothing of it', [], 'one\ntwo'],
  ])('is completed by the Stop that overtook it: %s was told', (_name, pieces, answer) => {
    const { piece, hear, text } = listen();
    for (const [index, delta] of pieces.entries()) piece(index, delta);
    hear('Stop', { last_assistant_message: answer });
    expect(text().trimEnd()).toBe(answer);
  });

  test('is not told again by a piece that the Stop overtook', () => {
    const { piece, hear, text } = listen();
    piece(0, 'one\n');
    hear('Stop', { last_assistant_message: 'one\ntwo' });
    piece(1, 'two', { final: true });
    expect(text()).toBe('one\ntwo');
  });

  test('before a tool is no part of the answer behind it', () => {
    const { piece, hear, text } = listen();
    piece(0, 'I look.', { final: true });
    piece(0, 'Found.', { message_id: 'm2', final: true });
    hear('Stop', { last_assistant_message: 'Found.' });
    expect(text()).toBe('I look.Found.');
  });
});

describe('after a piece that was lost', () => {
  test('the transcript fills the gap', () => {
    const { piece, narration, text } = listen();
    piece(0, 'one\n');
    piece(2, 'three');
    expect([text(), narration.isBehind]).toEqual(['one\n', false]);
    piece(0, 'next', { message_id: 'm2' });
    expect(narration.isBehind).toBe(true);
    narration.catchUp([said('one\ntwo\nthree'), said('next')]);
    expect(text()).toBe('one\ntwo\nthreenext');
  });
});

describe('after a restart', () => {
  test('whatever was told before, the rest is told once and exactly, as the transcript grows', () =>
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (texts, share) => {
          const whole = texts.join('');
          const before = whole.slice(0, Math.floor(whole.length * share));
          const { narration, text } = listen();
          narration.restore([{ type: 'agent.said', data: { messageId: 'm1', text: before, final: false } }]);
          for (const count of [0, ...texts.keys(), texts.length, texts.length])
            narration.catchUp(texts.slice(0, count).map((one, index) => said(one, `uuid-${index}`)));
          expect(before + text()).toBe(whole);
        },
      ),
    ));

  test('the rest of a message bears the id of its begin', () => {
    const { narration, notices } = listen();
    narration.restore([{ type: 'agent.said', data: { messageId: 'm1', text: 'one ', final: false } }]);
    narration.catchUp([said('one two'), said('three')]);
    expect(notices.map(({ data }) => [data['messageId'], data['text']])).toEqual([
      ['m1', 'two'],
      ['uuid-three', 'three'],
    ]);
  });

  test('pieces that come live are left to the transcript', () => {
    const { narration, piece, text } = listen();
    narration.restore([]);
    piece(7, 'the end', { final: true });
    expect(text()).toBe('');
    narration.catchUp([said('begin and the end')]);
    expect(text()).toBe('begin and the end');
  });

  test('another text than was told is left alone, and the answer is told all the same', () => {
    const { narration, hear, text } = listen();
    narration.restore([{ type: 'agent.said', data: { messageId: 'm1', text: 'other', final: true } }]);
    narration.catchUp([said('one'), said('two')]);
    expect(text()).toBe('');
    hear('Stop', { last_assistant_message: 'two' });
    narration.close();
    expect(text()).toBe('two');
  });

  test('an answer that the transcript held is not told again', () => {
    const { narration, hear, text } = listen();
    narration.restore([]);
    hear('Stop', { last_assistant_message: 'two' });
    narration.catchUp([said('one'), said('two\n')]);
    narration.close();
    expect(text()).toBe('onetwo\n');
  });

  test('uses of tools are told where nobody told them', () => {
    const { narration, notices, hear } = listen();
    narration.restore([{ type: 'tool.started', data: { toolUseId: 't1', tool: 'Bash' } }]);
    const steps: readonly Step[] = [
      { kind: 'started', id: 't1', tool: 'Bash', input: { command: 'ls' } },
      { kind: 'ended', id: 't1', ok: false },
      { kind: 'started', id: 't2', tool: 'Read', input: { file_path: '/x' } },
    ];
    narration.catchUp(steps);
    narration.catchUp(steps);
    hear('PostToolUse', { tool_use_id: 't2', tool_name: 'Read', duration_ms: 12 });
    expect(notices).toEqual([
      { type: 'tool.ended', data: { toolUseId: 't1', tool: 'Bash', ok: false, ms: null } },
      { type: 'tool.started', data: { toolUseId: 't2', tool: 'Read', summary: '/x', subagent: null } },
      { type: 'tool.ended', data: { toolUseId: 't2', tool: 'Read', ok: true, ms: 12 } },
    ]);
  });
});

describe('what the agent does', () => {
  test('is told with its begin and its end', () => {
    const { hear, notices } = listen();
    const use = { tool_name: 'Bash', tool_use_id: 't1', tool_input: { command: 'ls  -l\n', description: 'list' } };
    hear('PreToolUse', { ...use, agent_id: 'sub' });
    hear('PostToolUseFailure', { ...use, duration_ms: 5 });
    expect(notices).toEqual([
      { type: 'tool.started', data: { toolUseId: 't1', tool: 'Bash', summary: 'ls -l', subagent: 'sub' } },
      { type: 'tool.ended', data: { toolUseId: 't1', tool: 'Bash', ok: false, ms: 5 } },
    ]);
  });
});
