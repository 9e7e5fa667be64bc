// The second program of the container: it runs as the agents' user, and does for the gateway what only that user may.
// It is started before the gateway, with an environment that every agent may see.
import { chmod } from 'node:fs/promises';
import { serveSteward } from './agents/steward/serve.ts';
import { readConfig } from './config/config.ts';
import { openOwnSide, toSettingsFolder } from './own-side.ts';

try {
  // oxlint-disable-next-line node/no-process-env -- the entry of a program
  const { agent, dirs, quick } = readConfig(process.env);
  if (agent.stewardSocket === null) throw new Error('STEWARD_SOCKET: must be set');
  // Its own folders: what an agent did to their modes does not keep it from starting.
  for (const [folder, mode] of [
    [dirs.workspaces, 0o2770],
    [agent.home, 0o700],
  ] as const)
    await chmod(folder, mode).catch(() => {});
  const settings = toSettingsFolder(agent.home);
  const side = await openOwnSide({ home: agent.home, workspaces: dirs.workspaces, settings, quick });
  const server = await serveSteward(side, agent.stewardSocket);
  process.once('SIGTERM', () => void server.close());
} catch (error) {
  // The operator reads what to repair, as from the gateway.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
