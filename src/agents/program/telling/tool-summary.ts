const SUMMARY_MAX = 200;

/** What a person wants to know first of a tool's input. */
const TELLING = [
  'command',
  'file_path',
  'notebook_path',
  'path',
  'pattern',
  'url',
  'query',
  'skill',
  'description',
  'prompt',
];

/** One line about what a tool is given. */
export function toSummary(input: Readonly<Record<string, unknown>>): string {
  const texts = [...TELLING.map((name) => input[name]), ...Object.values(input)];
  const telling = texts.find((value) => typeof value === 'string' && value.trim() !== '');
  const line = (typeof telling === 'string' ? telling : JSON.stringify(input)).replaceAll(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, SUMMARY_MAX * 2 + 2));
  return characters.length <= SUMMARY_MAX ? line : `${characters.slice(0, SUMMARY_MAX - 1).join('')}…`;
}
