import type { Config } from '../config/config.ts';
import { PLATFORMS } from '../core/model/chat.ts';
import { createTaskChannels, type TaskChannelList } from '../core/flows/threads/task-channels.ts';
import { createWorkspaceChannel, type WorkspaceChannelDeps } from '../core/flows/threads/workspace-channel.ts';
import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import { createInjectServer } from '../http/contracts/inject/inject-server.ts';

/** Chat networks add theirs when they know their places. They go before what stands in for one. */
export function openTaskChannels(config: Config, deps: WorkspaceChannelDeps): TaskChannelList {
  const { taskApi } = config;
  const configured = {
    telegram: config.telegram !== null,
    discord: config.discord !== null,
    task: taskApi.channel !== null,
  };
  const channels = createTaskChannels(PLATFORMS.filter((name) => configured[name]));
  if (taskApi.channel === 'workspace') channels.register(createWorkspaceChannel(deps));
  return channels;
}

export interface InjectParts {
  readonly config: Config;
  readonly gateway: GatewayApi;
  readonly log: Log;
  /** Gets the closer. */
  readonly opened: AsyncDisposableStack;
}

/** Where it listens; null when TASK_API_ENABLED is false.
 *  @throws Error that names the variable of a taken port. */
export async function openInject({ config, gateway, log, opened }: InjectParts): Promise<Address | null> {
  const { enabled, host, port } = config.taskApi;
  if (!enabled) return null;
  // The container holds its ports while no gateway listens on them.
  const settings = { host, port, reusePort: config.agent.stewardSocket !== null };
  const server = await createInjectServer({ gateway, settings, log });
  opened.defer(() => server.close());
  return server.listen().catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`TASK_API_PORT: port ${port} on ${host} is taken: stop what uses it or choose another`, { cause });
  });
}

interface Address {
  readonly host: string;
  readonly port: number;
}
