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
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    readInput: () => Promise.resolve(''),
    ...overrides,
    printed,
    complaints,
  };
}
