import { printTable } from '../../shown/table.ts';
import { toInstant } from '../../shown/words.ts';
import type { Terminal } from '../../terminal.ts';
import { connect, type Remote } from '../connection.ts';
import type { Shown } from '../status.ts';
import { readLines } from './read-lines.ts';
import { createChain, type Known } from './chain.ts';

export interface AuditOptions extends Shown {
  readonly after?: number;
}

/** With `json`, a line of JSON for each. */
export async function audit({ after = 0, json, ...options }: AuditOptions, terminal: Terminal): Promise<number> {
  const remote = await connect(options, terminal);
  const rows: (readonly string[])[] = [];
  for await (const line of readLines(remote, after)) {
    if (json) terminal.print(JSON.stringify(line));
    else {
      const { seq, at, who, action, workspace, subject } = line;
      rows.push([String(seq), toInstant(at), who, action, workspace ?? '-', subject ?? '-']);
    }
  }
  if (!json) printTable(['LINE', 'WHEN', 'WHO', 'DID', 'WORKSPACE', 'TO'], rows, terminal, ['WORKSPACE']);
  return 0;
}

export interface VerifyOptions extends Remote {
  readonly known?: Known;
}

/** That no line is missing, and none was changed. Whoever can write the database could write the whole log anew: only a line
 *  that was noted elsewhere (`--known`) proves that it is the same log. */
export async function verify({ known, ...options }: VerifyOptions, terminal: Terminal): Promise<number> {
  const remote = await connect(options, terminal);
  const chain = createChain(known);
  for await (const line of readLines(remote, 0)) {
    const wrong = chain.add(line);
    if (wrong !== null) return refuse(wrong, terminal);
  }
  const { last, isKnownFound } = chain.end();
  if (!isKnownFound)
    return refuse('the line that is known is not there: lines behind the last one are missing', terminal);
  terminal.print(`${last.seq} lines, none is missing; the last one is ${last.seq}:${last.hash}`);
  return 0;
}

function refuse(wrong: string, terminal: Terminal): number {
  terminal.complain(wrong);
  return 1;
}
