import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Log } from '../../src/core/ports/log.ts';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Tells only what should never happen: without it a request that ends `internal` says nothing of why. */
export const errorLog: Log = {
  ...silentLog,
  error: (fields, event) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
};

/** The real CLI: the pinned one, or another version that `npm run test:agents` names. */
export function claudeProgram(): string {
  const named = process.env['TEST_CLAUDE_BIN'];
  if (named !== undefined) return named;
  const pkg = createRequire(import.meta.url).resolve('@anthropic-ai/claude-code/package.json');
  return path.join(path.dirname(pkg), 'bin', 'claude.exe');
}

/** Of that program, by the package that it lies in. */
export function claudeVersion(): string {
  const manifest = path.join(path.dirname(claudeProgram()), '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

export function toolEnvironment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
}
