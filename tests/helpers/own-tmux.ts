import { createAskTmux } from '../../src/agents/tmux/command.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';

/** A tmux server of this process's user, with this environment. */
export function createOwnTmux(socket: string, env: Readonly<Record<string, string>>): Tmux {
  return createTmux({ socket, ask: createAskTmux({ socket, env }) });
}
