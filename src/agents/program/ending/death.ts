import { constants } from 'node:os';
import type { Tmux } from '../../tmux/tmux.ts';
import { lastLines } from './last-lines.ts';

/** What ended, and the agent with it. */
export type Death =
  /** `exitCode`: null when nobody told it. `lines`: the last ones of its screen. */
  | { readonly what: 'agent'; readonly exitCode: number | null; readonly lines: string }
  | { readonly what: 'tmux_session' }
  | { readonly what: 'tmux_server' };

/** Of a session that has ended. */
export async function findDeath(tmux: Tmux, session: string): Promise<Death> {
  const pane = await tmux.pane(session);
  if (pane !== null) {
    const lines = lastLines((await tmux.capture(session, 'history')) ?? '');
    return { what: 'agent', exitCode: pane.exitCode, lines };
  }
  return tmux.list().then(
    () => ({ what: 'tmux_session' }) as const,
    () => ({ what: 'tmux_server' }) as const,
  );
}

/** For people: what ended, and the way out. */
export function describeDeath(death: Death, when: 'start' | 'life'): string {
  const before = when === 'start' ? ' before it took input' : '';
  const next = when === 'start' ? '' : ' The next request starts it again, with its conversation.';
  switch (death.what) {
    case 'agent':
      return `The agent's program ${toManner(death.exitCode)}${before}.${next}${toLines(death.lines)}`;
    case 'tmux_session':
      return `The agent's tmux session was ended from outside${before}, and the agent with it.${next}`;
    case 'tmux_server':
      return `The tmux server was killed or crashed${before && ' before the agent took input'}, and all agents ended with it.${next}`;
  }
}

function toManner(exitCode: number | null): string {
  if (exitCode === null) return 'was ended together with the shell around it';
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - SIGNALLED)?.[0];
  if (signal === undefined) return `ended with exit code ${exitCode}`;
  return signal === 'SIGKILL'
    ? 'was killed by SIGKILL (with too little memory, by the kernel)'
    : `was ended by ${signal}`;
}

/** A shell adds it to the number of a signal. */
const SIGNALLED = 128;

function toLines(lines: string): string {
  return lines === '' ? '' : ` Its last lines:\n${lines}`;
}

/** The disk of the agents' home may be what it died of, and keeps the next one from its work. */
export function withDisk(words: string, isFull: boolean): string {
  return isFull ? `The disk of the agents' home (AGENT_HOME) is full: make room on it. ${words}` : words;
}
