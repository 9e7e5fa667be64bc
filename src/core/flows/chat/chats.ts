import { questionsOf, type ApprovalRecord } from '../../model/approval.ts';
import { parsePress, type ApprovalPress, type ChatPlace } from '../../model/chat.ts';
import { GatewayError } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { ApprovalsApi, GivenDecision } from '../../ports/gateway/approvals.ts';
import type { ChatMessage, ChatPress, ChatReply, ChatsApi } from '../../ports/gateway/chats.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { SessionsApi } from '../../ports/gateway/sessions.ts';
import type { FlowParts } from '../parts.ts';
import { createDoorkeeper } from './access.ts';
import { bindPlace } from './bind.ts';
import { parseCommand, runCommand } from './commands.ts';

export interface ChatDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log' | 'settings'>;
  readonly requests: Pick<RequestsApi, 'submit' | 'read' | 'cancel' | 'list'>;
  readonly approvals: Pick<ApprovalsApi, 'read' | 'decide' | 'list'>;
  readonly sessions: Pick<SessionsApi, 'list'>;
}

const ownerOf = (transport: string): string => `chat:${transport}`;
const keyOf = (chat: string, messageId: string): string => `${chat}:${messageId}`;

export function createChats(deps: ChatDeps): ChatsApi {
  const { store, log, settings } = deps.parts;
  const doorkeeper = createDoorkeeper(settings.chats, log);

  const mayStart = ({ place, speaker, isForwarded }: ChatMessage): boolean =>
    !isForwarded && doorkeeper.maySpeak(place, speaker);

  /** The request that a message became, if it still waits. */
  async function findQueued(transport: string, chat: string, messageId: string): Promise<RequestRecord | null> {
    const found = await store.findByKey(ownerOf(transport), keyOf(chat, messageId));
    return found?.state === 'queued' ? found : null;
  }

  return {
    async said(message) {
      if (!mayStart(message)) return null;
      const thread = await bindPlace(deps.parts, message.place);
      const command = parseCommand(message.text);
      if (command !== null) return { text: await runCommand(deps, message.place, thread, command) };
      return told(() => submit(deps, message, thread, message.messageId));
    },

    async edited(message) {
      if (!mayStart(message)) return null;
      const { transport, chat } = message.place;
      const queued = await findQueued(transport, chat, message.messageId);
      if (queued === null || queued.prompt === message.text) return null;
      const thread = await bindPlace(deps.parts, message.place);
      return told(async () => {
        await deps.requests.cancel(queued.id);
        await submit(deps, message, thread, `${message.messageId}+${queued.id}`);
        return { text: 'Changed: it waits with its new text.' };
      });
    },

    async deleted({ transport, chat }, messageId) {
      const queued = await findQueued(transport, chat, messageId);
      if (queued !== null) await deps.requests.cancel(queued.id);
    },

    async pressed(press) {
      const given = parsePress(press.data);
      if (given === null) return { text: 'This button is not known any more.' };
      if (!doorkeeper.mayDecide(press.place, press.speaker)) return { text: 'You may not decide here.' };
      return told(() => decide(deps, press, given));
    },
  };
}

/** What a person did wrong is said to them. */
async function told<T extends ChatReply | null>(act: () => Promise<T>): Promise<T | ChatReply> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'storage_unavailable') return { text: error.message };
    throw error;
  }
}

async function submit(
  { requests }: ChatDeps,
  { place, speaker, text }: ChatMessage,
  { workspace }: ThreadRecord,
  key: string,
): Promise<ChatReply | null> {
  const { request, replayed } = await requests.submit({
    workspace,
    prompt: text,
    promptField: 'message',
    source: place.transport,
    identity: toIdentity(place, speaker.id),
    priority: 'interactive',
    replyTo: place.address,
    idempotency: { owner: ownerOf(place.transport), key: keyOf(place.chat, key), bodyHash: '', field: 'message' },
  });
  if (replayed) return null;
  const { position } = await requests.read(request.id);
  const running = await requests.list({ workspace, state: 'running' }, null, 1);
  // The next one of an idle session is about to begin.
  if (position === null || (position === 1 && running.length === 0)) return null;
  return { text: `Queued: place ${position}.` };
}

function toIdentity({ transport, chat, threadId }: ChatPlace, userId: string) {
  return { transport, user_id: userId, channel_id: chat, thread_id: threadId };
}

async function decide({ approvals }: ChatDeps, { speaker }: ChatPress, press: ApprovalPress): Promise<ChatReply> {
  const approval = await approvals.read(press.approvalId);
  await approvals.decide(press.approvalId, toDecision(approval, press, speaker.name));
  return { text: press.allow ? 'Allowed.' : 'Denied.' };
}

function toDecision(approval: ApprovalRecord, press: ApprovalPress, person: string): GivenDecision {
  const { allow, remember, mode, option } = press;
  const [question] = questionsOf(approval.input);
  const label = option === undefined ? undefined : question?.options[option]?.label;
  return {
    allow,
    person,
    ...(remember === true && { remember }),
    ...(mode !== undefined && { mode }),
    ...(question !== undefined && label !== undefined && { answers: { [question.question]: label } }),
  };
}
