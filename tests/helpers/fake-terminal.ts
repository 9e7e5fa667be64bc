import type { Terminal } from '../../src/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
}

export function createFakeTerminal(overrides: Partial<Terminal> = {}): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  return {
    env: {},
    folder: '/',
    isTTY: false,
    columns: 80,
    isTyped: false,
    unread: new AbortController().signal,
    print: (line) => void printed.push(line),
    write: (text) => void printed.push(text),
    progress: () => {},
    style: (_format, words) => words,
    openScreen: () => null,
    complain: (line) => void complaints.push(line),
    readInput: () => Promise.resolve(''),
    ...overrides,
    printed,
    complaints,
  };
}
