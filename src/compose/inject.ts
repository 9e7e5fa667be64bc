import type { Config } from '../config/config.ts';
import { createTaskChannels, type TaskChannelList } from '../core/flows/threads/task-channels.ts';
import { createWorkspaceChannel, type WorkspaceChannelDeps } from '../core/flows/threads/workspace-channel.ts';
import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import { createInjectServer, type InjectServer } from '../http/contracts/inject/inject-server.ts';

/** Chat networks add theirs when they know their places. */
export function openTaskChannels({ taskApi }: Config, deps: WorkspaceChannelDeps): TaskChannelList {
  const channels = createTaskChannels();
  if (taskApi.channel === 'workspace') channels.register(createWorkspaceChannel(deps));
  return channels;
}

export interface OpenInject {
  readonly server: InjectServer;
  readonly address: { readonly host: string; readonly port: number };
}

/** @throws Error that names the variable of a taken port. */
export async function openInject({ taskApi, agent }: Config, gateway: GatewayApi, log: Log): Promise<OpenInject> {
  const { host, port } = taskApi;
  // The container holds its ports while no gateway listens on them.
  const settings = { host, port, reusePort: agent.stewardSocket !== null };
  const server = await createInjectServer({ gateway, settings, log });
  const address = await server.listen().catch(async (cause: unknown) => {
    await server.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`TASK_API_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, { cause });
  });
  return { server, address };
}
