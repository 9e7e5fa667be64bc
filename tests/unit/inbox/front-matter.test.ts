import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseFrontMatter } from '../../../src/inbox/front-matter.ts';

describe('front matter', () => {
  test('is lines "key: value" between two lines ---, and the rest is the body', () => {
    const text = '---\nworkspace: web\n\nreplyTo:  telegram:12 \n---\n\n\nFix it.\n\n---\n';
    expect(parseFrontMatter(text)).toEqual({
      fields: { workspace: 'web', replyTo: 'telegram:12' },
      body: 'Fix it.\n\n---\n',
    });
  });

  test.each(['Fix it.\n---\n', ' ---\na: b\n---\n', '----\n', ''])('%j has none', (text) => {
    expect(parseFrontMatter(text)).toEqual({ fields: {}, body: text });
  });

  test('may be empty, and end with the text', () => {
    expect(parseFrontMatter('---\n---')).toEqual({ fields: {}, body: '' });
  });

  test('may have blank lines before it: a text that is meant so is not taken for a prompt', () => {
    expect(parseFrontMatter('\n \t\r\n---\na: b\n---\nc')).toEqual({ fields: { a: 'b' }, body: 'c' });
    expect(parseFrontMatter('\n\nFix it.')).toEqual({ fields: {}, body: '\n\nFix it.' });
  });

  test('may have the line ends of Windows', () => {
    expect(parseFrontMatter('---\r\na: b\r\n---\r\n\r\nc\r\n')).toEqual({ fields: { a: 'b' }, body: 'c\r\n' });
  });

  test.each([
    ['---\na: b\n', 'front matter', /no second line ---/],
    ['---\njust text\n---\n', 'front matter', /"just text" is no line of the form "key: value"/],
    ['---\n- item\n---\n', 'front matter', /"- item"/],
    ['---\n# comment\n---\n', 'front matter', /"# comment"/],
    ['---\n a: b\n---\n', 'front matter', /" a: b"/],
    ['---\na:\n---\n', 'front matter', /"a:"/],
    ['---\na:b\n---\n', 'front matter', /"a:b"/],
    ['---\na: b\rc: d\n---\n', 'front matter', /is no line/],
    ['---\na: b\na: c\n---\n', 'a', /a stands there twice/],
    ['---\na: "b"\n---\n', 'a', /value of a plainly/],
    ['---\na: [b]\n---\n', 'a', /plainly/],
    ['---\na: b # c\n---\n', 'a', /plainly/],
    ['---\na: b: c\n---\n', 'a', /plainly/],
    ['---\na: b:\n---\n', 'a', /plainly/],
    ['---\na: |\n---\n', 'a', /plainly/],
    [`---\na: b${' '.repeat(2_000_000)}c\n---\n`, 'front matter', /more than 4000 characters/],
  ])('%j is refused, and the field named', (text, field, message) => {
    expect(() => parseFrontMatter(text)).toThrow(expect.objectContaining({ code: 'invalid_field', field }));
    expect(() => parseFrontMatter(text)).toThrow(message);
  });

  test('what is accepted means the same to YAML, whatever stands there', () => {
    const key = fc.oneof(fc.constantFrom('workspace', 'priority', 'a_1'), fc.string({ maxLength: 4 }));
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc
        .array(fc.constantFrom('a', '1', ' ', ': ', ':', ' #', '#', '"', "'", '-', '[', '\t', '\u0085', '\u2028'), {
          maxLength: 6,
        })
        .map((parts) => `a${parts.join('')}`),
    );
    const line = fc.tuple(key, fc.constantFrom(': ', ':', ':  ', ' : '), value).map((parts) => parts.join(''));
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
        const text = lines.join('\n');
        let fields: Readonly<Record<string, string>>;
        try {
          ({ fields } = parseFrontMatter(`---\n${text}\n---\nbody`));
        } catch {
          return;
        }
        accepted += 1;
        // A line --- among them ends it early.
        if (!/^---[ \t]*$/m.test(text)) expect(parse(text, { schema: 'failsafe' }) ?? {}).toEqual(fields);
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('every plain value comes back as it was written, and every body', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,20}$/).filter((text) => !/: |:$| $/.test(text));
    const body = fc.string({ unit: 'grapheme' }).map((text) => `.${text}`);
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/), value), body, (fields, text) => {
        const lines = Object.entries(fields).map(([name, content]) => `${name}: ${content}\n`);
        expect(parseFrontMatter(`---\n${lines.join('')}---\n\n${text}`)).toEqual({ fields: { ...fields }, body: text });
      }),
    );
  });

  test('never throws anything but a refusal, and always ends', () => {
    const piece = fc.constantFrom('---', '\n', '\r', '\r\n', 'a: b', ' ', '\u2028', '\u2029', '...', '\t');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseFrontMatter(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_field' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
