import { escapeMarkdown } from 'discord.js';

/** What a message holds, in UTF-16 units. */
export const TEXT_MAX = 2_000;

/** Never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(max - 2)) ? max - 2 : max - 1;
  return `${text.slice(0, end)}…`;
}

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
  return `\`\`\`\n${cut(text.replaceAll('```', '`\u200b`\u200b`'), max - frame)}\n\`\`\``;
}

/** In monospace, within a line. */
export function inline(text: string, max: number): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', 'ˋ').trim();
  return line === '' ? '' : `\`${cut(line, max)}\``;
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
