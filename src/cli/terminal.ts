import { text } from 'node:stream/consumers';
import type { Environment } from '../config/env.ts';

/** What a command has of the world around it; a fake one in tests. */
export interface Terminal {
  readonly env: Environment;
  /** The folder in which the command was given. */
  readonly folder: string;
  /** A person reads stdout. */
  readonly isTTY: boolean;
  /** A line for stdout: what was asked for. */
  print(line: string): void;
  /** A line for stderr: problems and progress. */
  complain(line: string): void;
  readInput(): Promise<string>;
}

export function processTerminal(env: Environment): Terminal {
  // A terminal that goes away must not keep a command from cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    env,
    folder: process.cwd(),
    isTTY: process.stdout.isTTY,
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    readInput: () => text(process.stdin),
  };
}
