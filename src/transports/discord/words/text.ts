import { escapeMarkdown } from 'discord.js';
import { cut, cutMiddle } from '../../../core/model/words/cut.ts';

/** What a message holds, in UTF-16 units. */
export const TEXT_MAX = 2_000;

/** As it is written, without formats. */
export function bare(text: string, max: number): string {
  const escaped = escapeMarkdown(text, { heading: true, bulletedList: true, numberedList: true, maskedLink: true });
  return cut(escaped, max).replace(/\\…$/, '…');
}

export function quoted(text: string, max: number): string {
  return cut(`> ${bare(text, max).replaceAll('\n', '\n> ')}`, max);
}

/** In monospace, on lines of its own. */
export function fenced(text: string, max: number): string {
  const frame = '```\n\n```'.length;
  // A zero-width space between: nothing in it ends the block.
  return `\`\`\`\n${cutMiddle(text.replaceAll('```', '`\u200b`\u200b`'), max - frame)}\n\`\`\``;
}

/** In monospace, within a line. */
export function inline(text: string, max: number): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', 'ˋ').trim();
  return line === '' ? '' : `\`${cut(line, max)}\``;
}
