import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { createAskTmux } from '../../src/agents/tmux/server/ask.ts';
import { toSocketPath } from '../../src/agents/tmux/server/socket-path.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';

/** A tmux server of this process's user, with this environment. */
export function createOwnTmux(socket: string, env: Readonly<Record<string, string>>): Tmux {
  return createTmux({ socket, ask: createAskTmux({ socket, env }) });
}

/** In a folder that is made for it and goes with it. */
export function newTmuxSocket(): string {
  return path.join(os.tmpdir(), `gatehouse-test-${randomBytes(4).toString('hex')}`, 'server');
}

/** Of the gateway with this data folder. */
export function tmuxSocketOf(dataDir: string): string {
  return toSocketPath({ dataDir, userHome: os.homedir, stewardSocket: null });
}
