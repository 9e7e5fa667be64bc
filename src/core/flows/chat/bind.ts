import type { ChatPlace } from '../../model/chat.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import { isWorkspaceName } from '../../model/workspace.ts';
import type { FlowParts } from '../parts.ts';

/** The thread that a message was written in; a new one gets a workspace of its own. */
export async function bindPlace(
  { store, clock }: Pick<FlowParts, 'store' | 'clock'>,
  place: ChatPlace,
): Promise<ThreadRecord> {
  const known = await store.readThread(place);
  if (known !== null) return known;
  const { transport, chat, threadId, name } = place;
  const workspace = await freeWorkspace(store, place);
  const { thread } = await store.bindThread({ transport, chat, threadId, workspace, name, createdAt: clock.now() });
  return thread;
}

/** Threads of two chats may have equal ids. */
async function freeWorkspace(store: FlowParts['store'], { transport, chat, threadId }: ChatPlace): Promise<string> {
  const short = `${transport}-${threadId}`;
  const others = await store.findThread(threadId);
  const isTaken = others !== null && others.workspace === short;
  const long = `${transport}-${chat.replace('-', '')}-${threadId}`;
  return isTaken && isWorkspaceName(long) ? long : short;
}
