import type { AskTmux, SocketLoss } from './server/command.ts';
import { endDescendants, markOf } from './descendants.ts';
import { endSession, untilEnded } from './ending.ts';
import { createEnds, hearEnds } from './ends.ts';
import { openSession, type NewPane } from './open-session.ts';
import { createOwnPanes } from './own-panes.ts';
import { createPanes, type Panes } from './panes.ts';
import { endServer, ensureServer } from './server/server.ts';
import { listSessions, readVariable, survey, type Survey } from './survey.ts';

/** One private tmux server. It outlives the process that started it. */
export interface Tmux extends Panes {
  /** The path of its socket (`tmux -S`). */
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
  /** Ends the session; resolves when its program is gone, and all that it started. */
  kill(session: string): Promise<void>;
  /** Ends all sessions and the server. */
  killServer(): Promise<void>;
}

export interface TmuxOptions {
  /** The path of its socket (`tmux -S`). */
  readonly socket: string;
  readonly ask: AskTmux;
  /** Told when a server that lived had lost its socket, and what became of it. */
  readonly onLost?: (what: SocketLoss) => void;
}

/** The server lives and cannot be asked, so nobody knows what became of its sessions. */
export class TmuxHiddenError extends Error {
  override readonly name = 'TmuxHiddenError';
}

export function createTmux({ socket, ask, onLost = () => {} }: TmuxOptions): Tmux {
  const tmux: AskTmux = async (args, options) => {
    const answer = await ask(args, options);
    if (answer.lost !== undefined) onLost(answer.lost);
    if (answer.lost === 'hidden') throw new TmuxHiddenError(`The tmux server lives and does not answer at ${socket}.`);
    return answer;
  };
  const own = createOwnPanes(tmux);
  const panes = createPanes(tmux, own);
  const ends = createEnds(hearEnds(tmux));

  async function kill(session: string): Promise<void> {
    await endSession(tmux, panes, session);
    await endDescendants(tmux, socket, session);
    own.forget(session);
  }

  return {
    ...panes,
    socket,
    ensureServer: () => ensureServer(tmux),
    open(pane) {
      own.forget(pane.session);
      return openSession(tmux, { ...pane, env: { ...pane.env, ...markOf(socket, pane.session) } });
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
