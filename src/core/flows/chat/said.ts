import { type ErrorCode, GatewayError } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { ChatMessage, ChatReply } from '../../ports/gateway/chats.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { FlowParts } from '../parts.ts';
import { receiveFiles, toPrompt } from './files.ts';

export interface SaidDeps {
  readonly parts: Pick<FlowParts, 'store' | 'workspaces' | 'workspaceFiles' | 'settings'>;
  readonly requests: Pick<RequestsApi, 'submit' | 'read' | 'cancel' | 'list'>;
}

type Place = Pick<ChatMessage['place'], 'transport' | 'chat'>;

/** Passes by itself: the network's update is left to come again. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['storage_unavailable', 'draining']);

/** What a person did wrong is said to them. @throws what passes by itself, and faults of ours */
export function toReply(error: unknown): ChatReply {
  if (error instanceof GatewayError && !PASSING.has(error.code)) return { text: error.message };
  throw error;
}

/** A message becomes a request, once. */
export async function submit(
  deps: SaidDeps,
  message: ChatMessage,
  { workspace }: ThreadRecord,
): Promise<ChatReply | null> {
  const { parts, requests } = deps;
  // Its files need not be fetched again.
  if ((await findRequests(parts, message.place, message.messageId)).length > 0) return null;
  const paths = await receiveFiles(parts, workspace, message.files);
  const { id } = await ask(deps, message, workspace, toPrompt(message.text, paths), message.messageId);
  const { position } = await requests.read(id);
  const running = await requests.list({ workspace, state: 'running' }, null, 1);
  // The next one of an idle session is about to begin.
  if (position === null || (position === 1 && running.length === 0)) return null;
  return { text: `Queued: place ${position}.` };
}

/** The message has other words: what waits is put anew, and then taken back. Null: nothing of it waits, or it says the
 *  same. */
export async function change(
  deps: SaidDeps,
  message: ChatMessage,
  { workspace }: ThreadRecord,
): Promise<ChatReply | null> {
  const chain = await findRequests(deps.parts, message.place, message.messageId);
  const latest = chain.at(-1);
  if (latest?.state !== 'queued') return null;
  const prompt = toPrompt(message.text, await receiveFiles(deps.parts, workspace, message.files));
  const isNew = latest.prompt !== prompt;
  if (isNew) await ask(deps, message, workspace, prompt, `${message.messageId}+${latest.id}`);
  // A process that ended in between left both.
  await cancelQueued(deps, isNew ? chain : chain.slice(0, -1));
  return isNew ? { text: 'Changed: it waits with its new text.' } : null;
}

/** Whatever of the message waits is cancelled. */
export async function takeBack(deps: SaidDeps, place: Place, messageId: string): Promise<void> {
  await cancelQueued(deps, await findRequests(deps.parts, place, messageId));
}

async function cancelQueued({ requests }: SaidDeps, chain: readonly RequestRecord[]): Promise<void> {
  for (const { id, state } of chain) if (state === 'queued') await requests.cancel(id);
}

const ownerOf = (transport: string): string => `chat:${transport}`;
const keyOf = (chat: string, messageId: string): string => `${chat}:${messageId}`;

/** What a message became: first as it was written, then each time that it was changed. */
async function findRequests(
  { store }: Pick<FlowParts, 'store'>,
  { transport, chat }: Place,
  messageId: string,
): Promise<readonly RequestRecord[]> {
  const chain: RequestRecord[] = [];
  for (let id = messageId; ;) {
    const found = await store.findByKey(ownerOf(transport), keyOf(chat, id));
    if (found === null) return chain;
    chain.push(found);
    id = `${messageId}+${found.id}`;
  }
}

async function ask(
  { requests }: SaidDeps,
  { place, speaker }: ChatMessage,
  workspace: string,
  prompt: string,
  key: string,
): Promise<RequestRecord> {
  const { transport, chat, threadId, address } = place;
  const { request } = await requests.submit({
    workspace,
    prompt,
    promptField: 'message',
    source: transport,
    identity: { transport, user_id: speaker.id, channel_id: chat, thread_id: threadId },
    priority: 'interactive',
    replyTo: address,
    idempotency: { owner: ownerOf(transport), key: keyOf(chat, key), bodyHash: '', field: 'message' },
  });
  return request;
}
