import type { ChatPlace } from '../../model/chat.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { FlowParts } from '../parts.ts';
import { freeWorkspace } from '../threads/free-workspace.ts';

/** The thread that a message was written in; a new one gets a workspace of its own. */
export async function bindPlace(
  { store, clock }: Pick<FlowParts, 'store' | 'clock'>,
  place: ChatPlace,
): Promise<ThreadRecord> {
  const known = await store.readThread(place);
  if (known !== null) return known;
  const { transport, chat, threadId, name } = place;
  const workspace = (await freeWorkspace(store, place)) ?? `${transport}-${threadId}`;
  const { thread } = await store.bindThread({ transport, chat, threadId, workspace, name, createdAt: clock.now() });
  return thread;
}
