import { GatewayError } from '../../model/errors.ts';
import type { EventRecord } from '../../model/event.ts';
import { QUICK_AGENT } from '../../model/quick/session.ts';
import { hasEnded, type Identity, type RequestRecord } from '../../model/request.ts';
import type { QuickMessage } from '../../ports/quick/quick.ts';
import { requireQuick, type QuickParts } from './parts.ts';

/** Of one session that are shown. */
const MESSAGES_MAX = 1_000;

export function sendMessage(
  { parts, requests, gates }: QuickParts,
  id: string,
  content: string,
  identity: Identity,
  traceparent?: string,
): Promise<QuickMessage> {
  return gates.exclusive(id, async () => {
    const { state } = await requireQuick(parts, id);
    if (state === 'expired')
      throw new GatewayError('session_busy', `The session ${id} has expired`, { wayOut: 'Start another one' });
    const { request } = await requests.submit({
      workspace: id,
      agent: QUICK_AGENT,
      prompt: content,
      promptField: 'content',
      source: 'quick',
      identity,
      priority: 'interactive',
      ...(traceparent !== undefined && { traceparent }),
    });
    return toUserMessage(request);
  });
}

export async function readMessages({ parts }: QuickParts, id: string): Promise<readonly QuickMessage[]> {
  await requireQuick(parts, id);
  const { requests, tools } = await parts.store.readQuickMessages(id, MESSAGES_MAX);
  const messages = [...requests.flatMap(toMessages), ...tools.flatMap(toToolMessage)];
  return messages.toSorted((a, b) => a.at - b.at).slice(-MESSAGES_MAX);
}

function toMessages(request: RequestRecord): readonly QuickMessage[] {
  const { text, error, state, completedAt, createdAt, usage } = request;
  const user = toUserMessage(request);
  if (!hasEnded(state)) return [user];
  const at = completedAt ?? createdAt;
  const costMicroUsd = usage?.costMicroUsd ?? null;
  const said = (role: 'assistant' | 'system', content: string): QuickMessage => {
    return { ...user, id: `${request.id}-${role}`, role, content, at, costMicroUsd };
  };
  const answer = text === null || text === '' ? [] : [said('assistant', text)];
  const problem =
    error === null ? [] : [{ ...said('system', error), ...(answer.length > 0 && { costMicroUsd: null }) }];
  return [user, ...answer, ...problem];
}

function toUserMessage({ id, workspace, prompt, createdAt }: RequestRecord): QuickMessage {
  const none = { costMicroUsd: null, toolName: null, toolInput: null };
  return { id, sessionId: workspace, role: 'user', content: prompt, at: createdAt, ...none };
}

function toToolMessage({ seq, workspace, at, data }: EventRecord): readonly QuickMessage[] {
  const { tool, summary } = data;
  if (typeof tool !== 'string') return [];
  const toolInput = typeof summary === 'string' ? summary : null;
  const id = `${workspace}-${seq}`;
  return [
    {
      id,
      sessionId: workspace,
      role: 'tool',
      content: toolInput ?? '',
      at,
      costMicroUsd: null,
      toolName: tool,
      toolInput,
    },
  ];
}
