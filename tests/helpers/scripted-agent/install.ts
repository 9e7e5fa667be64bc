import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../../src/lib/run-program.ts';
import { COMPILED } from '../compiled.ts';
import { promptsIn, readJournal, type JournalEntry } from './journal.ts';
import type { Rule } from './script.ts';

/** The scripted agent, ready to be started as CLAUDE_BIN. */
export interface InstalledAgent {
  readonly bin: string;
  /** For CLAUDE_EXTRA_ARGS. */
  readonly extraArgs: readonly string[];
  /** Sessions that start from now on follow these rules. */
  rewrite(rules: readonly Rule[]): void;
  /** A path for `hold`; it may bear `{1}` and the like. */
  gate(name: string): string;
  /** Opens a gate; the answer becomes that of the turn, unless it is empty. */
  release(name: string, answer?: string): void;
  journal(): readonly JournalEntry[];
  /** The prompts that a model would have been asked. */
  prompts(): readonly string[];
}

/** Writes a program that runs the agent with this very Node, whatever PATH it is given, and loads it once:
 *  the compiled code that this leaves behind makes each later start 0.1 s of CPU cheaper. */
export async function installScriptedAgent(folder: string, rules: readonly Rule[] = []): Promise<InstalledAgent> {
  const place = (name: string): string => path.join(folder, name);
  mkdirSync(place('gates'), { recursive: true });
  const agent = fileURLToPath(new URL('agent.ts', import.meta.url));
  const start = `exec ${shellWord(process.execPath)} ${shellWord(agent)} "$@"`;
  const cache = `NODE_COMPILE_CACHE=${shellWord(COMPILED)}`;
  writeFileSync(place('claude'), `#!/bin/sh\nexport ${cache}\n${start}\n`, { mode: 0o755 });

  function writeWhole(file: string, text: string): void {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  }

  writeWhole(place('script.json'), JSON.stringify(rules));
  const { code, stderr } = await runProgram(place('claude'), ['--version']);
  if (code !== 0) throw new Error(`the scripted agent does not start: ${stderr}`);
  const journal = (): readonly JournalEntry[] => readJournal(place('journal.jsonl'));
  return {
    bin: place('claude'),
    extraArgs: ['--script', place('script.json'), '--journal', place('journal.jsonl')],
    rewrite: (next) => writeWhole(place('script.json'), JSON.stringify(next)),
    gate: (name) => place(`gates/${name}`),
    release: (name, answer = '') => writeWhole(place(`gates/${name}`), answer),
    journal,
    prompts: () => promptsIn(journal()),
  };
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
