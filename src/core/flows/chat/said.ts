import { toWho } from '../../model/audit/audit.ts';
import { parseCommand } from '../../model/chat.ts';
import { GatewayError, isPassing } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { ChatMessage, ChatReply } from '../../ports/gateway/chats.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { FlowParts } from '../parts.ts';
import { filesOf, receiveFiles, toPrompt } from './files.ts';

export interface SaidDeps {
  readonly parts: Pick<FlowParts, 'store' | 'workspaces' | 'workspaceFiles' | 'settings'>;
  readonly requests: Pick<RequestsApi, 'submit' | 'read' | 'change' | 'cancel' | 'list' | 'unendedFor'>;
}

type Place = Pick<ChatMessage['place'], 'transport' | 'chat'>;

/** What a person did wrong is said to them. @throws what passes by itself, for then the network's update is left to come
 *  again, and faults of ours */
export function toReply(error: unknown): ChatReply {
  if (error instanceof GatewayError && !isPassing(error)) return { text: error.message };
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
  if ((await findRequest(parts, message)) !== null) return null;
  const paths = await receiveFiles(parts, workspace, message.files);
  const { id } = await ask(deps, message, workspace, toPrompt(message.text, paths));
  const { position } = await requests.read(id);
  const running = await requests.list({ workspace, state: 'running' }, null, 1);
  // The next one of an idle session is about to begin.
  if (position === null || (position === 1 && running.length === 0)) return null;
  return { text: `Queued: place ${position}.` };
}

/** The message has other words: its request waits on with them, at its place and in its workspace. Null: it waits no
 *  longer, or they are the same. */
export async function change({ parts, requests }: SaidDeps, message: ChatMessage): Promise<ChatReply | null> {
  const request = await findRequest(parts, message);
  if (request?.state !== 'queued') return null;
  if (parseCommand(message.text) !== null) return { text: COMMAND_ALONE };
  const prompt = message.isPart
    ? toPrompt(message.text, filesOf(request.prompt))
    : await promptOf(parts, message, request);
  if (prompt === request.prompt) return null;
  return (await requests.change(request.id, prompt, 'message')) === null ? null : { text: CHANGED };
}

const CHANGED = 'Changed: it waits with its new text.';
const COMMAND_ALONE = 'A command is a message of its own: nothing was changed, and the message waits as it was.';

async function promptOf(
  parts: SaidDeps['parts'],
  { text, files }: ChatMessage,
  { workspace }: RequestRecord,
): Promise<string> {
  return toPrompt(text, await receiveFiles(parts, workspace, files));
}

/** What waits of the message is cancelled. */
export async function takeBack({ parts, requests }: SaidDeps, place: Place, messageId: string): Promise<void> {
  const request = await findRequest(parts, { place, messageId });
  if (request?.state === 'queued') await requests.cancel(request.id, toWho(request.source, request.identity));
}

const ownerOf = (transport: string): string => `chat:${transport}`;
const keyOf = (chat: string, messageId: string): string => `${chat}:${messageId}`;

/** What the message became. */
function findRequest(
  { store }: Pick<FlowParts, 'store'>,
  { place, messageId }: { readonly place: Place; readonly messageId: string },
): Promise<RequestRecord | null> {
  return store.findByKey(ownerOf(place.transport), keyOf(place.chat, messageId));
}

async function ask(
  { requests }: SaidDeps,
  { place, speaker, messageId }: ChatMessage,
  workspace: string,
  prompt: string,
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
    idempotency: { owner: ownerOf(transport), key: keyOf(chat, messageId), bodyHash: '', field: 'message' },
  });
  return request;
}
