import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWholeJson, parseTask } from '../../../src/inbox/task.ts';

const parse = (name: string, text: string) => parseTask(name, Buffer.from(text));

describe('a task', () => {
  test('of Markdown may have the line ends of old Macs', () => {
    expect(parse('a.md', '---\rworkspace: web\r---\rFix it.\rAll of it.')).toEqual({
      prompt: 'Fix it.\nAll of it.',
      promptField: 'body',
      workspace: 'web',
    });
  });

  test.each(['utf16le', 'latin1'] as const)('in %s is refused', (encoding) => {
    const refusal = expect.objectContaining({ code: 'invalid_field', field: 'file' });
    expect(() => parseTask('a.md', Buffer.from('Fix it, höchstens.', encoding))).toThrow(refusal);
  });

  test('in UTF-16 that is valid UTF-8 by chance is refused', () => {
    expect(() => parseTask('a.md', Buffer.from('Fix it.', 'utf16le'))).toThrow(/not text in UTF-8/);
  });

  test('of Markdown has its fields in the front matter and its prompt behind it', () => {
    const text = '---\nworkspace: web\npriority: high\ntimeoutMs: 60000\nreplyTo: telegram:12\n---\n\nFix it.\n';
    expect(parse('a.md', text)).toEqual({
      prompt: 'Fix it.\n',
      promptField: 'body',
      workspace: 'web',
      priority: 'high',
      timeoutMs: 60_000,
      replyTo: 'telegram:12',
    });
  });

  test.each([
    ['a.json', '{"command":"x","wrokspace":"a"}', 'there are command, workspace, priority, timeoutMs and replyTo'],
    ['a.md', '---\nwrokspace: a\n---\nx', 'there are workspace, priority, timeoutMs and replyTo'],
  ])('A12: in %s is refused with all fields that there are', (name, text, fields) => {
    expect(() => parse(name, text)).toThrow(`wrokspace is unknown: ${fields}`);
  });

  test('of JSON has the same fields and a command', () => {
    const task = { command: '---\n', workspace: 'web', priority: 'normal', timeoutMs: 1_000, replyTo: 'x' };
    const { command: prompt, ...fields } = task;
    expect(parse('a.json', JSON.stringify(task))).toEqual({ prompt, promptField: 'command', ...fields });
  });

  test('may begin with a byte order mark', () => {
    expect(parse('a.md', '\uFEFF---\npriority: high\n---\nhi')).toMatchObject({ priority: 'high', prompt: 'hi' });
    expect(parse('a.json', '\uFEFF{"command":"hi"}')).toMatchObject({ prompt: 'hi' });
  });

  test.each([
    ['a.md', '---\npriority: urgent\n---\nhi', 'priority'],
    ['a.md', '---\npriority: interactive\n---\nhi', 'priority'],
    ['a.md', '---\ntimeoutMs: soon\n---\nhi', 'timeoutMs'],
    ['a.md', '---\ntimeoutMs: 1e4\n---\nhi', 'timeoutMs'],
    ['a.md', '---\ncommand: hi\n---\nhi', 'command'],
    ['a.md', '---\nagent: claude\n---\nhi', 'agent'],
    ['a.md', `---\nreplyTo: ${'x'.repeat(2_057)}\n---\nhi`, 'replyTo'],
    ['a.json', '{"command":7}', 'command'],
    ['a.json', '{}', 'command'],
    ['a.json', '{"command":"hi","timeoutMs":"60000"}', 'timeoutMs'],
    ['a.json', '{"command":"hi","replyTo":"\\ud800"}', 'replyTo'],
    ['a.json', '{"command":"hi","__proto__":{}}', '__proto__'],
    ['a.json', '["hi"]', 'file'],
    ['a.json', '{"command":', 'file'],
  ])('%s %j is refused, and the field named', (name, text, field) => {
    expect(() => parse(name, text)).toThrow(expect.objectContaining({ code: 'invalid_field', field }));
  });

  test('that is not UTF-8 is refused', () => {
    expect(() => parseTask('a.md', Buffer.from([0x68, 0xff]))).toThrow(/not text in UTF-8/);
  });
});

test('of a JSON object, no part before its last bracket is whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
      const bytes = Buffer.from(JSON.stringify(value, null, 1));
      expect(isWholeJson(bytes)).toBe(true);
      expect(isWholeJson(bytes.subarray(0, cut % bytes.length))).toBe(false);
    }),
  );
});
