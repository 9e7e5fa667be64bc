import { describe, expect, test } from '@jest/globals';
import { findFiles } from '../../../../src/transports/markdown/attached-files.ts';

const find = (text: string) => findFiles({ text, workspace: 'demo' });
const LONG = 'word word word word\n\n'.repeat(3_000);

describe('the files that an answer names', () => {
  test.each([
    '```\nattach: a.txt\n```',
    '~~~~\n~~~\nattach: a.txt\n~~~~',
    '- list\n\n    ```\n    attach: a.txt\n    ```',
    '1. list\n   ```\n   attach: a.txt\n   ```',
    'text\n\n    attach: a.txt',
    '    attach: a.txt',
    '```\n```js\nattach: a.txt\n```',
    '```\nattach: a.txt',
    'text `of\nattach: a.txt\ncode`',
    `${LONG}\`\`\`\n\`\`\`js\nattach: a.txt\n\`\`\``,
  ])('are not those of code (%#)', (text) => {
    expect(find(text)).toEqual({ text, paths: [], tooMany: 0 });
  });

  test.each([
    '```sh``` is a shell\nattach: a.txt',
    'attach: `a.txt`',
    '```\ncode\n```\nattach: a.txt',
    '- list\n  attach: a.txt',
    'a line\rattach: a.txt',
    `${LONG}\n\`\`\`js\ncode\n\`\`\`\nattach: a.txt`,
  ])('are those of all other lines (%#)', (text) => {
    expect(find(text).paths).toEqual(['a.txt']);
  });
});
