import type { AskTmux } from './server/command.ts';

/** Finds the panes in which the programs of sessions were started: a person may open others, and make one the active. */
export interface OwnPanes {
  /** The id of the session's own pane; null when it is not there. Ids begin anew with each server, so whoever uses
   *  one compares the session's name too. */
  locate(session: string): Promise<string | null>;
  /** The session begins or ends, so its pane is another one. */
  forget(session: string): void;
}

/** An option of such a pane. */
export const PANE_MARK = '@gatehouse_agent';

export function createOwnPanes(tmux: AskTmux): OwnPanes {
  const panes = new Map<string, string>();
  return {
    async locate(session) {
      const known = panes.get(session);
      if (known !== undefined) return known;
      const { code, stdout } = await tmux([
        'list-panes',
        '-s',
        '-t',
        `=${session}`,
        '-F',
        `#{${PANE_MARK}} #{pane_id}`,
      ]);
      const found = code === 0 ? /^1 (%\d+)$/m.exec(stdout)?.[1] : undefined;
      if (found !== undefined) panes.set(session, found);
      return found ?? null;
    },
    forget: (session) => void panes.delete(session),
  };
}
