import { describe, expect, test } from '@jest/globals';
import { createToldText, type ToldText } from '../../../../../src/agents/claude-print/turn/told-text.ts';
import type { Notice } from '../../../../../src/core/ports/agent.ts';

function listen(): { readonly text: ToldText; readonly told: Notice[]; all(): string } {
  const told: Notice[] = [];
  const all = (): string => told.map(({ data }) => String(data['text'])).join('');
  return { text: createToldText((notice) => told.push(notice)), told, all };
}

/** A message of these blocks, each in these pieces. */
function stream(text: ToldText, id: string, blocks: readonly (readonly string[])[]): void {
  text.hearPiece({ of: 'message', id });
  for (const pieces of blocks) {
    text.hearPiece({ of: 'block' });
    for (const piece of pieces) text.hearPiece({ of: 'text', text: piece });
    if (pieces.length > 0) text.hearBlock(id, pieces.join(''));
  }
  text.hearPiece({ of: 'end' });
}

describe('what is said', () => {
  test('is told at once by its first piece, and each piece once', () => {
    const { text, told, all } = listen();
    text.hearPiece({ of: 'message', id: 'm' });
    text.hearPiece({ of: 'block' });
    text.hearPiece({ of: 'text', text: 'one ' });
    expect(all()).toBe('one ');
    for (const piece of ['two ', 'three']) text.hearPiece({ of: 'text', text: piece });
    text.hearBlock('m', 'one two three');
    text.hearPiece({ of: 'end' });
    expect(all()).toBe('one two three');
    expect(told.at(-1)?.data).toMatchObject({ messageId: 'm', final: true });
    expect(told.length).toBeLessThan(4);
  });

  test('is told whole when it did not stream, and the rest when a part did', () => {
    const { text, all } = listen();
    text.hearBlock('m', 'never streamed');
    text.hearPiece({ of: 'message', id: 'n' });
    text.hearPiece({ of: 'text', text: 'half' });
    text.hearBlock('n', 'half of it');
    text.hearPiece({ of: 'end' });
    expect(all()).toBe('never streamedhalf of it');
    expect(text.said()).toBe('never streamed\n\nhalf of it');
  });

  test('has a line break between two texts of one message', () => {
    const { text, all } = listen();
    stream(text, 'm', [['one'], [], ['two']]);
    expect(all()).toBe('one\ntwo');
  });

  test.each([
    ['nothing', 0, false],
    ['a part', 5, false],
    ['all but its end', 13, false],
    ['all', 13, true],
  ])('goes on where an earlier process had told %s', (_name, length, isWhole) => {
    const { text, told, all } = listen();
    const known = 'one two three'.slice(0, length);
    if (length > 0) text.restore([{ type: 'agent.said', data: { messageId: 'm', text: known, final: isWhole } }]);
    stream(text, 'm', [['one ', 'two ', 'three']]);
    expect(known + all()).toBe('one two three');
    expect(told.filter(({ data }) => data['final'] === true)).toHaveLength(isWhole ? 0 : 1);
  });
});
