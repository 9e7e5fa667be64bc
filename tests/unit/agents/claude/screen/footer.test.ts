import { expect, test } from '@jest/globals';
import { readMode } from '../../../../../src/agents/claude/screen/footer.ts';

const GREY = '\u001b[38;5;246m';

test.each([
  ['⏸ manual mode on · ? for shortcuts        ◐ medium · /effort', 'default'],
  ['⏵⏵ accept edits on (shift+tab to cycle)', 'acceptEdits'],
  ['⏸ plan mode on (shift+tab to cycle)', 'plan'],
  ['⏵⏵ auto mode on (shift+tab to cycle)', 'auto'],
  ["⏵⏵ don't ask on (shift+tab to cycle)", 'dontAsk'],
  ['⏵⏵ bypass permissions on (shift+tab to cycle)', 'bypassPermissions'],
  ['? for shortcuts', null],
  ['Esc again to clear', null],
])('%s', (footer, mode) => {
  expect(readMode(`❯\n─────\n  ${GREY}${footer}\u001b[0m\n\n`)).toBe(mode);
});

test('only the last line counts: a status line stands above it', () => {
  expect(readMode('  ⏵⏵ accept edits on (shift+tab to cycle)\n  ⏸ manual mode on\n')).toBe('default');
  expect(readMode('  ⏵⏵ accept edits on (shift+tab to cycle)\n  last\n')).toBeNull();
});
