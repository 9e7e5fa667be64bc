import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toDiscordPieces } from '../../../../src/transports/markdown/discord.ts';
import { readMarkdown } from '../../../../src/transports/markdown/styled/read.ts';
import type { Styled } from '../../../../src/transports/markdown/styled/styled.ts';
import { toTelegramPieces } from '../../../../src/transports/markdown/telegram.ts';
import { showOnDiscord } from '../../../helpers/discord-dialect.ts';
import { listFaults } from '../../../helpers/telegram-entities.ts';
import { anyLimit, anyMarkdown, WORDS } from './generated-markdown.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** `SEED=7` repeats a run. Equal to the original: what people see of the pieces, one after the other, is what they would see of one endless
 *  message, but for white space where pieces meet; and each word of the author is there once, in its order. */
export function testRendering(runs: number): void {
  test(`of ${runs} texts every piece is valid and fits, and none loses, doubles or moves anything (SEED=${seed})`, () => {
    const law = (): void =>
      fc.assert(
        fc.property(anyMarkdown, anyLimit, (markdown, limit) => {
          const styled = readMarkdown(markdown);
          const faults = [
            ...compare('words', String(styled.text.match(WORDS)), String(markdown.match(WORDS))),
            ...listTelegramFaults(styled, limit),
            ...listDiscordFaults(styled, limit),
          ];
          if (faults.length > 0) throw new Error(faults.join('\n'));
        }),
        { seed, numRuns: runs },
      );
    expect(law).not.toThrow();
  });
}

function listTelegramFaults(styled: Styled, limit: number): readonly string[] {
  const pieces = toTelegramPieces(styled, limit);
  const faults = pieces.flatMap(({ text, entities }) => listFaults(text, entities, limit));
  // Each piece stands in the whole behind the one before it, with nothing that is seen between them.
  let at = 0;
  for (const { text } of pieces) {
    const found = styled.text.indexOf(text, at);
    if (found < at) return [...faults, `doubled or moved: ${text}`];
    faults.push(...compare('lost', toSeen(styled.text.slice(at, found)), ''));
    at = found + text.length;
  }
  return [...faults, ...compare('lost', toSeen(styled.text.slice(at)), '')];
}

function listDiscordFaults(styled: Styled, limit: number): readonly string[] {
  const pieces = toDiscordPieces(styled, limit);
  const shown = pieces.map((text) => showOnDiscord(text).text).join('');
  return [
    ...pieces.filter((text) => text.length > limit || text.trim() === '').map((text) => `does not fit: ${text}`),
    ...compare('shown', toSeen(shown), toSeen(styled.text)),
  ];
}

function compare(what: string, is: string, ought: string): readonly string[] {
  return is === ought ? [] : [`${what}: ${is}\nfor ${ought}`];
}

function toSeen(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|\u030a|\u0333|\u033f/gu, '');
}
