import type { OwnPanes } from './own-panes.ts';
import { toAttachedAt, toLastKeyAt, toLastTypedAt, type Client } from './clients.ts';
import type { AskTmux } from './server/command.ts';

export interface Look {
  readonly dead: boolean;
  /** In characters. A person who attaches gives the pane the size of their terminal. */
  readonly columns: number;
  readonly rows: number;
  /** Where the program has put its cursor, from 0. */
  readonly cursor: { readonly column: number; readonly row: number };
  /** With terminal sequences for colours. */
  readonly screen: string;
  readonly showsCursor: boolean;
  /** The instant (epoch milliseconds, to the second) of the last key of an attached person; null without one who can
   *  type. To attach counts as a key. */
  readonly lastTypedAt: number | null;
  /** The same of the last key of anybody who could type, also one who has left since. To attach is none. */
  readonly lastKeyAt: number | null;
  /** The same of somebody who attached just now: a key in that second cannot be told from it. */
  readonly attachedAt: number | null;
}

/** With one question to the server; null when there is no such session. */
export async function look(tmux: AskTmux, panes: OwnPanes, session: string): Promise<Look | null> {
  const pane = await panes.locate(session);
  if (pane === null) return null;
  const clients = ['list-clients', '-t', `=${session}`, '-F', CLIENT];
  const state = ['display-message', '-p', '-t', pane, STATE];
  const screen = ['capture-pane', '-p', '-e', '-t', pane];
  const { code, stdout } = await tmux([...clients, ';', ...state, ';', ...screen]);
  const found = FORM.exec(stdout)?.groups;
  if (code === 0 && found?.['name'] === session) return toLook(found);
  panes.forget(session);
  return null;
}

const CLIENT = '#{client_readonly} #{client_created} #{client_activity}';
const STATE =
  '#{session_name} #{pane_dead} #{pane_width} #{pane_height} #{cursor_x} #{cursor_y} #{cursor_flag} #{session_created} #{session_activity}';
const FORM =
  /^(?<clients>(?:[01] \d+ \d+\n)*)(?<name>\S+) (?<dead>[01]) (?<columns>\d+) (?<rows>\d+) (?<x>\d+) (?<y>\d+) (?<cursor>[01]) (?<created>\d+) (?<activity>\d+)\n(?<screen>[\s\S]*)$/;

function toLook(found: Readonly<Record<string, string>>): Look {
  const clients = (found['clients'] ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map(toClient);
  const session = { created: Number(found['created']), activity: Number(found['activity']) };
  return {
    dead: found['dead'] === '1',
    columns: Number(found['columns']),
    rows: Number(found['rows']),
    cursor: { column: Number(found['x']), row: Number(found['y']) },
    screen: found['screen'] ?? '',
    showsCursor: found['cursor'] === '1',
    lastTypedAt: toLastTypedAt(clients),
    lastKeyAt: toLastKeyAt(clients, session),
    attachedAt: toAttachedAt(clients, Date.now()),
  };
}

function toClient(line: string): Client {
  const [readOnly, created, activity] = line.split(' ').map(Number);
  return { readOnly: readOnly === 1, created: created ?? 0, activity: activity ?? 0 };
}
