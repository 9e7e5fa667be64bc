import type { AskTmux } from './server/command.ts';
import type { OwnPanes } from './own-panes.ts';

export interface Look {
  readonly dead: boolean;
  /** In characters. A person who attaches gives the pane the size of their terminal. */
  readonly columns: number;
  readonly rows: number;
  /** With terminal sequences for colours. */
  readonly screen: string;
  /** The instant (epoch milliseconds, to the second) of the last key of an attached person; null without one who can
   *  type. To attach counts as a key. */
  readonly lastTypedAt: number | null;
}

/** With one question to the server; null when there is no such session. */
export async function look(tmux: AskTmux, panes: OwnPanes, session: string): Promise<Look | null> {
  const pane = await panes.locate(session);
  if (pane === null) return null;
  // Who only watches cannot type.
  const clients = ['list-clients', '-t', `=${session}`, '-F', '#{?client_readonly,,#{client_activity}}'];
  const state = ['display-message', '-p', '-t', pane, '#{session_name} #{pane_dead} #{pane_width} #{pane_height}'];
  const screen = ['capture-pane', '-p', '-e', '-t', pane];
  const { code, stdout } = await tmux([...clients, ';', ...state, ';', ...screen]);
  const found = FORM.exec(stdout)?.groups;
  if (code === 0 && found?.['name'] === session) return toLook(found);
  panes.forget(session);
  return null;
}

const FORM = /^(?<clients>(?:\d*\n)*)(?<name>\S+) (?<dead>[01]) (?<columns>\d+) (?<rows>\d+)\n(?<screen>[\s\S]*)$/;

function toLook(found: Readonly<Record<string, string>>): Look {
  const typed = (found['clients'] ?? '').split('\n').filter((line) => line !== '');
  return {
    dead: found['dead'] === '1',
    columns: Number(found['columns']),
    rows: Number(found['rows']),
    screen: found['screen'] ?? '',
    lastTypedAt: typed.length === 0 ? null : Math.max(...typed.map(Number)) * 1_000,
  };
}
