import { readFile } from 'node:fs/promises';
import { runProgram } from '../../lib/run-program.ts';

/** One process, and no later one that has its number. */
export interface ProcessMark {
  readonly pid: number;
  /** In a form of the system's own, which no restart of the machine repeats. */
  readonly startedAt: string;
}

/** `stopped`: by a signal, until SIGCONT. One that waits to be reaped has ended. */
export type ProcessState = 'runs' | 'stopped' | 'ended';

/** Null when there is no such process. */
export async function markProcess(pid: number): Promise<ProcessMark | null> {
  const found = await look(pid);
  return found === null ? null : { pid, startedAt: found.startedAt };
}

export async function isAlive({ pid, startedAt }: ProcessMark): Promise<boolean> {
  return (await look(pid))?.startedAt === startedAt;
}

export async function readState(pid: number): Promise<ProcessState> {
  return (await look(pid))?.state ?? 'ended';
}

interface Look {
  readonly state: 'runs' | 'stopped';
  readonly startedAt: string;
}

function look(pid: number): Promise<Look | null> {
  return process.platform === 'linux' ? lookInProc(pid) : lookInList(pid);
}

/** A program may be named anything, also with brackets and line breaks in it. */
const STAT = /^.*\) (\S)(?: -?\d+){18} (\d+) /s;

async function lookInProc(pid: number): Promise<Look | null> {
  const [stat, boot] = await Promise.all(
    [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const [, state = '', ticks = ''] = STAT.exec(stat ?? '') ?? [];
  return toLook(state, `${ticks} ${boot?.trim()}`);
}

const TIMEOUT_MS = 5_000;

async function lookInList(pid: number): Promise<Look | null> {
  const { stdout } = await runProgram('env', ['LC_ALL=C', 'ps', '-o', 'state=,lstart=', '-p', `${pid}`], {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const [, state = '', startedAt = ''] = /^\s*(\S)\S*\s+(\S.*\S)\s*$/.exec(stdout) ?? [];
  return toLook(state, startedAt);
}

function toLook(state: string, startedAt: string): Look | null {
  if (state === '' || state === 'Z' || state === 'X') return null;
  return { state: state === 'T' ? 'stopped' : 'runs', startedAt };
}
