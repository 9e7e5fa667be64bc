import type { Config } from '../config/config.ts';
import type { TaskChannelList } from '../core/flows/threads/task-channels.ts';
import type { GatewayApi } from '../core/ports/gateway/gateway.ts';
import type { Log } from '../core/ports/log.ts';
import type { ChatNetwork } from '../core/ports/gateway/chats.ts';
import { openDiscord } from './discord.ts';
import { openTelegram } from './telegram.ts';

const NETWORKS = [openTelegram, openDiscord];

/** Those that are configured. `opened` gets their closers. */
export async function openChats(
  config: Config,
  log: Log,
  opened: AsyncDisposableStack,
): Promise<readonly ChatNetwork[]> {
  const networks = (await Promise.all(NETWORKS.map((open) => open(config, log)))).filter((network) => network !== null);
  for (const network of networks) opened.defer(() => network.close());
  return networks;
}

/** What people say is heard from now on. */
export function listenToChats(
  networks: readonly ChatNetwork[],
  { chats, threads }: Pick<GatewayApi, 'chats' | 'threads'>,
  channels: Pick<TaskChannelList, 'register'>,
  opened: AsyncDisposableStack,
): void {
  for (const network of networks) {
    const listening = network.listen(chats, (factory) => channels.register(factory), threads);
    opened.defer(() => listening.close());
  }
}
