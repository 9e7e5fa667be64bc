#!/usr/bin/env node
// The command `gatehouse`. Plain JavaScript, so that an old Node can say what is missing. From a package it runs what was
// compiled; from a clone it runs the sources, with the project's own Node where the one in PATH is older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const compiled = place('../dist/main.js');
const sources = place('../src/main.ts');
const program = existsSync(sources) ? sources : compiled;

if (Number(process.versions.node.split('.', 1)[0]) >= NEEDED) await import(program);
else runWithOwnNode();

function runWithOwnNode() {
  const own = place('../node_modules/node/bin/node');
  if (!existsSync(own)) {
    process.stderr.write(
      `gatehouse needs Node ${NEEDED} or later; this is ${process.version}. See https://nodejs.org/en/download\n`,
    );
    process.exit(1);
  }
  const child = spawn(own, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches both; what is sent to this process alone is handed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
