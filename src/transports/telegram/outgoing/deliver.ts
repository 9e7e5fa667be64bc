import type { ApprovalRecord } from '../../../core/model/approval.ts';
import { isTakenBack } from '../../../core/model/delivery.ts';
import { sayNotAttached } from '../../../core/model/files/attached.ts';
import { toFileName } from '../../../core/model/files/names.ts';
import { hasEnded } from '../../../core/model/request.ts';
import { cut } from '../../../core/model/words/cut.ts';
import { isQuietElsewhere } from '../../../core/model/words/quiet-end.ts';
import type { DueDelivery, Outcome } from '../../../core/ports/transport.ts';
import { nextPart, type Told } from '../../chat/next-part.ts';
import { type Place, readPlace, toLink } from '../address.ts';
import { isFileRefused, toOutcome } from '../api/errors.ts';
import type { ChatText, Messenger, SendOptions } from '../messenger.ts';
import type { AnswerPart, ToParts } from './answer.ts';
import { showApproval, toWholeFile } from './approval.ts';
import { AGAIN, markAgain, MESSAGE_MAX } from './pieces.ts';
import { sayProgress } from './progress.ts';
import { showPrompt } from './prompt.ts';

export interface DeliverDeps {
  readonly messenger: Messenger;
  /** The chats that may be written to. */
  readonly communities: readonly string[];
  readonly now: () => number;
  readonly toParts: ToParts;
}

interface Attempt extends DeliverDeps {
  readonly delivery: DueDelivery;
  readonly place: Place;
  readonly signal: AbortSignal;
}

const NOTICE_MAX = MESSAGE_MAX - AGAIN.length;

/** What a bot may send. */
const FILE_MAX_BYTES = 50 * 1024 * 1024;

export async function deliver(deps: DeliverDeps, delivery: DueDelivery, signal: AbortSignal): Promise<Outcome> {
  const place = readPlace(delivery.to);
  if (place === null) return { kind: 'refused', error: `${delivery.to} is no address of Telegram` };
  if (!deps.communities.includes(place.chat)) return { kind: 'refused', error: 'this chat is not in ALLOWED_CHATS' };
  try {
    const told = await tell({ ...deps, delivery, place, signal });
    const link = toLink(place);
    return told.kind === 'sent' && link !== null ? { ...told, link } : told;
  } catch (error) {
    signal.throwIfAborted();
    return toOutcome(error);
  }
}

async function tell(attempt: Attempt): Promise<Told> {
  const { delivery } = attempt;
  const { request, approval, event, messages } = delivery;
  switch (delivery.kind) {
    case 'prompt':
      return request === null ? { kind: 'sent', messages } : send(attempt, showPrompt(request), { isQuiet: true });
    case 'progress':
      return tellProgress(attempt);
    case 'approval':
      if (approval === null) return { kind: 'sent', messages };
      return event.type === 'approval.opened' ? askApproval(attempt, approval) : tellDecision(attempt, approval);
    case 'answer':
      return nextPart(attempt.toParts(request), messages, (part) => sendPart(attempt, part));
    case 'notice':
      return tellNotice(attempt);
    case 'hook':
    case 'test':
      return send(attempt, { text: event.type, entities: [] });
  }
}

/** To the message that it is about, where there is one: an album is several, and none of them. */
async function tellNotice(attempt: Attempt): Promise<Told> {
  const { type, data } = attempt.delivery.event;
  const { text, messageId } = data;
  if (typeof text !== 'string') return send(attempt, { text: type, entities: [] });
  const answers = /^\d+$/.test(String(messageId)) ? Number(messageId) : null;
  const manner = { isQuiet: true, ...(answers !== null && { answers }) };
  return send(attempt, { text: cut(text, NOTICE_MAX), entities: [] }, manner);
}

/** One message that changes. A request that has ended before anything was told of it needs none. */
async function tellProgress(attempt: Attempt): Promise<Told> {
  const { messenger, now, delivery, place, signal } = attempt;
  const { request, event, earlier, messages } = delivery;
  const shown = messages[0] ?? earlier[0];
  if (isTakenBack(delivery)) {
    if (shown !== undefined) await messenger.remove(place, shown, { signal });
    return { kind: 'sent', messages };
  }
  const text = { text: sayProgress(event, request, now()), entities: [] };
  if (shown !== undefined && (await messenger.edit(place, shown, text, { signal }))) return { kind: 'sent', messages };
  if (request !== null && hasEnded(request.state) && !isQuietElsewhere(request)) return { kind: 'sent', messages };
  return send(attempt, text, { isQuiet: true });
}

/** With the whole behind it, where it does not fit: nobody allows what they cannot see. */
async function askApproval(attempt: Attempt, approval: ApprovalRecord): Promise<Told> {
  const { messenger, place, signal } = attempt;
  const { messages, isUnsure } = attempt.delivery;
  const whole = toWholeFile(approval);
  if (messages.length === 0) {
    const first = [await sendText(attempt, showApproval(approval))];
    return { kind: whole === null ? 'sent' : 'part', messages: first };
  }
  if (whole === null || messages.length > 1) return { kind: 'sent', messages };
  try {
    const sent = await messenger.sendFile(place, whole, { signal, isAgain: isUnsure, isQuiet: true });
    return { kind: 'sent', messages: [...messages, sent] };
  } catch (error) {
    if (!isFileRefused(error)) throw error;
    return { kind: 'sent', messages };
  }
}

/** Written where it was asked, if it was. */
async function tellDecision({ messenger, delivery, place, signal }: Attempt, approval: ApprovalRecord): Promise<Told> {
  const { messages, earlier } = delivery;
  if (earlier[0] !== undefined) await messenger.edit(place, earlier[0], showApproval(approval), { signal });
  return { kind: 'sent', messages };
}

async function sendPart(attempt: Attempt, part: AnswerPart): Promise<string> {
  const { messenger, place, delivery, signal } = attempt;
  switch (part.kind) {
    case 'text':
      return sendText(attempt, part.piece);
    case 'file':
      return messenger.sendFile(place, part.file, { signal, isAgain: delivery.isUnsure });
    case 'attached':
      return sendAttached(attempt, part.path);
  }
}

/** Or says why not. */
async function sendAttached(attempt: Attempt, path: string): Promise<string> {
  const { messenger, place, delivery, signal } = attempt;
  const found = await delivery.readFile(path, FILE_MAX_BYTES);
  const say = (why: string): Promise<string> => sendText(attempt, { text: sayNotAttached(path, why), entities: [] });
  if (found.kind === 'refused') return say(found.why);
  try {
    const file = { name: toFileName(path), bytes: found.bytes };
    return await messenger.sendFile(place, file, { signal, isAgain: delivery.isUnsure });
  } catch (error) {
    if (!isFileRefused(error)) throw error;
    // Where nothing is taken at all, these words are not, either.
    return say('is not taken by Telegram');
  }
}

function send(attempt: Attempt, text: ChatText, manner: Omit<SendOptions, 'signal'> = {}): Promise<Told> {
  return nextPart([text], attempt.delivery.messages, (part) => sendText(attempt, part, manner));
}

/** A repeat says that it is one. */
function sendText(
  { messenger, delivery, place, signal }: Attempt,
  text: ChatText,
  manner: Omit<SendOptions, 'signal'> = {},
): Promise<string> {
  const marked = delivery.isUnsure ? { ...text, ...markAgain(text) } : text;
  return messenger.send(place, marked, { ...manner, signal });
}
