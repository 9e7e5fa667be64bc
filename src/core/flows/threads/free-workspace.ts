import { type ThreadPlace, toThreadWorkspace } from '../../model/thread.ts';
import { isWorkspaceName } from '../../model/workspace.ts';
import type { ThreadStore } from '../../ports/thread-store.ts';

/** The workspace of a new thread: threads of two chats may have equal ids. Null when the id is too long to be part of a
 *  name. */
export async function freeWorkspace(
  store: Pick<ThreadStore, 'findThreads'>,
  { transport, chat, threadId }: ThreadPlace,
): Promise<string | null> {
  const short = toThreadWorkspace(transport, threadId);
  const others = await store.findThreads(threadId);
  if (!others.some((other) => other.workspace === short && other.chat !== chat)) return short;
  const long = `${transport}-${chat.replace('-', '')}-${threadId}`;
  return isWorkspaceName(long) ? long : short;
}
