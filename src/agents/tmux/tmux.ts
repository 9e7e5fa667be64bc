import type { AskTmux } from './command.ts';
import { endSession, untilEnded } from './ending.ts';
import { createEnds, hearEnds } from './ends.ts';
import { openSession, type NewPane } from './open-session.ts';
import { createOwnPanes } from './own-panes.ts';
import { createPanes, type Panes } from './panes.ts';
import { endServer, ensureServer } from './server.ts';
import { listSessions, readVariable, survey, type Survey } from './survey.ts';

/** One private tmux server. It outlives the process that started it. */
export interface Tmux extends Panes {
  readonly socket: string;
  /** Starts the server when none runs; its environment is what sessions inherit. */
  ensureServer(): Promise<void>;
  /** Starts a session; `remain-on-exit` keeps the last screen of a program that ended. */
  open(pane: NewPane): Promise<void>;
  /** A variable that `open` gave to this session; null when there is no such session or variable. */
  variable(session: string, name: string): Promise<string | null>;
  /** Resolves when the session's program has ended or the session is gone; rejects when the signal aborts. */
  ended(session: string, signal: AbortSignal): Promise<void>;
  /** The names of all sessions, ours or not. */
  list(): Promise<readonly string[]>;
  /** All sessions that `open` started, with one question. */
  survey(): Promise<readonly Survey[]>;
  /** Ends the session; resolves when its program is gone. */
  kill(session: string): Promise<void>;
  /** Ends all sessions and the server. */
  killServer(): Promise<void>;
}

export interface TmuxOptions {
  /** The socket's name (`tmux -L`). */
  readonly socket: string;
  readonly ask: AskTmux;
}

export function createTmux({ socket, ask: tmux }: TmuxOptions): Tmux {
  const own = createOwnPanes(tmux);
  const panes = createPanes(tmux, own);
  const ends = createEnds(hearEnds(tmux));

  async function kill(session: string): Promise<void> {
    await endSession(tmux, panes, session);
    own.forget(session);
  }

  return {
    ...panes,
    socket,
    ensureServer: () => ensureServer(tmux),
    open(pane) {
      own.forget(pane.session);
      return openSession(tmux, pane);
    },
    variable: (session, name) => readVariable(tmux, session, name),
    ended: (session, signal) => untilEnded(panes, ends, session, signal),
    list: () => listSessions(tmux),
    survey: () => survey(tmux),
    kill,
    async killServer() {
      const sessions = await listSessions(tmux).catch(() => []);
      await Promise.all(sessions.map(kill));
      await endServer(tmux);
    },
  };
}
