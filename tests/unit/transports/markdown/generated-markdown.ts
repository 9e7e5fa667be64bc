import fc from 'fast-check';
import { anyText } from '../../../helpers/any-text.ts';

/** Words that occur once in a text, so that what is lost, doubled or moved can be told. */
export const WORDS = /q\d+z/g;

type Template = (word: string) => string;

const inlines: readonly Template[] = [
  (w) => w,
  (w) => `${w} `,
  (w) => ` ${w}. `,
  (w) => `**${w}**`,
  (w) => `*${w}*`,
  (w) => `_${w} x_`,
  (w) => `***${w}***`,
  (w) => `**a *${w}***`,
  (w) => `*a **${w}** b*`,
  (w) => `~~${w}~~`,
  (w) => `~~**${w}** _c_~~`,
  (w) => `\`${w}\``,
  (w) => `\`\` ${w}\`y \`\``,
  (w) => `**\`${w}\`**`,
  (w) => `[${w}](https://example.com/a_b?c=*d*)`,
  (w) => `[**${w}** e](https://example.com/~~f~~ "title")`,
  (w) => `[${w}](/relative_path)`,
  (w) => `![${w}](https://example.com/g.png)`,
  (w) => `https://example.com/${w}_h_ `,
  (w) => `<https://example.com/${w}>`,
  (w) => `[example.org](https://example.com/${w})`,
  (w) => `<b>${w}</b>`,
  (w) => `\\*${w}\\*`,
  (w) => `@everyone <@123> <#4> ${w}`,
  (w) => `${w} :smile: ||i|| a_b_c`,
  (w) => `${w}  \n`,
  (w) => `${w}\n`,
  (w) => `${w} &amp; &lt; `,
  (w) => `日本語。${w}👩‍👩‍👧e\u0301🇩🇪`,
  (w) => `**${w}**\u0301`,
];

const blocks: readonly Template[] = [
  (text) => `${text}\n\n`,
  (text) => `# ${text.replaceAll('\n', ' ')}\n`,
  (text) => `#### ${text.replaceAll('\n', ' ')} #\n\n`,
  (text) => `> ${text.replaceAll('\n', '\n> ')}\n\n`,
  (text) => `> > ${text}\n\n`,
  (text) => `- ${text}\n- ${'x'}\n`,
  (text) => `- a\n  - ${text}\n\n  b\n`,
  (text) => `7. ${text}\n8. - [ ] c\n`,
  (text) => `\`\`\`ts\n${text}\n\`\`\`\n`,
  (text) => `\`\`\`\`\n\`\`\`\n  ${text}\n\`\`\`\`\n\n`,
  (text) => `- a\n  \`\`\`\n    ${text.replaceAll('\n', ' ')}\n  \`\`\`\n`,
  (text) => `| a | 日本 |\n|--:|---|\n| ${text.replaceAll(/[\n|]/g, ' ')} | c |\n\n`,
  (text) => `---\n${text}\n***\n`,
  (text) => `<div>\n${text}\n</div>\n\n`,
  (text) => `    ${text.replaceAll('\n', ' ')}\n\n`,
  (text) => `${text}\n===\n`,
  (text) => `1986. ${text}\n`,
];

const written = fc
  .array(fc.tuple(fc.constantFrom(...blocks), fc.array(fc.constantFrom(...inlines), { minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => {
    let count = 0;
    const next = (): string => {
      count += 1;
      return `q${count}z`;
    };
    return parts.map(([block, texts]) => block(texts.map((inline) => inline(next())).join(''))).join('');
  });

const signs = fc.constantFrom(
  ...Array.from('*_~`[]()<>#+-.!|\\:@&"\n\n  \tab1/='),
  '**',
  '~~',
  '```',
  'https://a.b',
  '](',
  '> ',
);
const soup = fc.array(signs, { maxLength: 40 }).map((parts) => parts.join(''));
const unicode = fc.oneof(
  anyText(60),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(fc.constantFrom('e', '\u0301', '\u200d', '👩', '🇩', '\ud83d', '*', ' ', '\n', '`', '\u0600'), {
      maxLength: 60,
    })
    .map((parts) => parts.join('')),
);

export const anyMarkdown = fc.oneof(
  { weight: 6, arbitrary: written },
  { weight: 2, arbitrary: soup },
  { weight: 2, arbitrary: unicode },
);
export const anyLimit = fc.constantFrom(80, 120, 300, 2000);
