import path from 'node:path';
import type { AgentSide } from '../../src/agents/steward/agent-side.ts';
import { createStewardClient } from '../../src/agents/steward/client.ts';
import { serveSteward } from '../../src/agents/steward/serve.ts';
import { openOwnSide } from '../../src/own-side.ts';

export interface OpenedSide {
  readonly side: AgentSide;
  close(): Promise<void>;
}

/** Both ways to the agents' side, in this folder: by this process, and over the socket of a steward. */
export const SIDES: readonly (readonly [string, (folder: string) => Promise<OpenedSide>])[] = [
  ['this process', async (folder) => ({ side: await openSide(folder), close: async () => {} })],
  [
    'a steward',
    async (folder) => {
      const socket = path.join(folder, 'steward');
      const server = await serveSteward(await openSide(folder), socket);
      return { side: createStewardClient(socket, { hasWorktrees: true }), close: () => server.close() };
    },
  ],
];

/** By this process, in this folder. */
export function openSide(folder: string): Promise<AgentSide> {
  const at = (name: string): string => path.join(folder, name);
  return openOwnSide({
    ...{ home: at('home'), workspaces: at('workspaces'), settings: at('settings') },
    quick: { repos: at('repos'), worktrees: at('worktrees'), remoteTimeoutMs: 10_000, gitTimeoutMs: 60_000 },
  });
}
