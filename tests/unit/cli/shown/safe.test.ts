import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toSafe } from '../../../../src/cli/shown/safe.ts';

test.each([
  ['the clipboard', '\u001b]52;c;cm0gLXJm\u0007x', ']52;c;cm0gLXJmx'],
  ['a title', '\u001b]0;root\u001b\\x', ']0;root\\x'],
  ['a clean screen', 'a\u001b[2J\u001b[Hb', 'a[2J[Hb'],
  ['a line that is written over', 'denied\rallowed\b', 'deniedallowed'],
  ['a sequence in one character', '\u009b2Jx\u0085', '2Jx'],
  ['half a colour', 'x\u001b[3', 'x[3'],
])('%s does not reach the terminal', (_what, words, shown) => {
  expect(toSafe(words)).toBe(shown);
});

test('words, lines, tabs and colours do', () => {
  const words = 'a\tb\r\n\u001b[1;31mzwölf 🐙\u001b[0m\n';
  expect(toSafe(words)).toBe(words.replace('\r', ''));
});

test('nothing is left that begins anything but a colour', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('\u001b', '[', ']', '2', 'J', 'm', '\u009b', '\u0007', 'x')), (parts) => {
      const shown = toSafe(parts.join(''));
      expect(shown.replaceAll(/\u001b\[[0-9;]*m/g, '')).toMatch(/^[\n\t\u0020-\u007e\u00a0-\uffff]*$/);
    }),
  );
});
