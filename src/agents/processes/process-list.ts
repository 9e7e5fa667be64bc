import { readFile } from 'node:fs/promises';
import { runProgram } from '../../lib/run-program.ts';
import { isAlive, markProcess, type ProcessMark } from './process-mark.ts';

/** One line of the process list. */
export interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

/** A program and all that it started. */
export interface ProcessTree {
  readonly pid: number;
  readonly processes: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

const TIMEOUT_MS = 5_000;

/** All processes of the machine, in one go. */
export async function listProcesses(): Promise<readonly ProcessLine[]> {
  const { stdout } = await runProgram('ps', ['-A', '-o', 'pid=,ppid=,rss=,time='], {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return parseProcesses(stdout);
}

export function parseProcesses(list: string): readonly ProcessLine[] {
  return [...list.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+([\d:.,-]+)\s*$/gm)].map((found) => ({
    pid: Number(found[1]),
    parent: Number(found[2]),
    memoryBytes: Number(found[3]) * 1_024,
    cpuMs: toMs(found[4] ?? ''),
  }));
}

/** `[[dd-]hh:]mm:ss[.cc]`, in some languages with a comma. */
function toMs(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part.replace(',', '.')), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}

/** The first program below this shell, with its tree; null when there is none. */
export function findTree(all: readonly ProcessLine[], shell: number): ProcessTree | null {
  const agent = all.find(({ parent }) => parent === shell);
  if (agent === undefined) return null;
  const tree = listTree(all, agent);
  const sum = (of: (line: ProcessLine) => number): number => tree.reduce((total, line) => total + of(line), 0);
  return {
    pid: agent.pid,
    processes: tree.length,
    memoryBytes: sum((line) => line.memoryBytes),
    cpuMs: sum((line) => line.cpuMs),
  };
}

function listTree(all: readonly ProcessLine[], root: ProcessLine): readonly ProcessLine[] {
  const tree = [root];
  // An array hands out what is added to it while it is walked.
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

/** This process and all that it started, as far as those between are still there. Empty when it is gone. */
export async function markTree(top: ProcessMark): Promise<readonly ProcessMark[]> {
  const all = await listProcesses();
  const root = all.find(({ pid }) => pid === top.pid);
  // Looked at behind the list: what stands there is below this process, and below no later one of its number.
  if (root === undefined || !(await isAlive(top))) return [];
  const marks = await Promise.all(listTree(all, root).map((line) => markProcess(line.pid)));
  return marks.filter((mark) => mark !== null);
}

/** The program that this shell runs; null when there is none. */
export async function markChild(shell: number): Promise<ProcessMark | null> {
  const listed = await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8').catch(() => null);
  const child = listed === null ? findTree(await listProcesses(), shell)?.pid : Number.parseInt(listed, 10);
  return child === undefined || Number.isNaN(child) ? null : markProcess(child);
}
