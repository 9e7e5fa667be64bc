import type { DueDelivery, NoteMessages, Outcome } from '../../../core/ports/transport.ts';
import { hasEnded } from '../../../core/model/request.ts';
import { type Place, readPlace, toLink } from '../address.ts';
import { toOutcome } from '../api/errors.ts';
import type { ChatText, Messenger, SendOptions } from '../messenger.ts';
import { toParts, type AnswerPart } from './answer.ts';
import { showApproval } from './approval.ts';
import { TIMEOUT_MS } from '../paces.ts';
import { markAgain } from './pieces.ts';
import { sayProgress } from './progress.ts';
import { showPrompt } from './prompt.ts';

export interface DeliverDeps {
  readonly messenger: Messenger;
  readonly now: () => number;
}

interface Attempt {
  readonly delivery: DueDelivery;
  readonly place: Place;
  readonly limits: Pick<SendOptions, 'until' | 'signal'>;
  readonly note: NoteMessages;
}

/** Of an attempt, what is left for the messages themselves once they had their turn. */
const SENDING_MS = 30_000;
/** How things go is told later, and then anew. */
const PROGRESS_WAIT_MS = 5_000;

export async function deliver(
  deps: DeliverDeps,
  delivery: DueDelivery,
  signal: AbortSignal,
  note: NoteMessages,
): Promise<Outcome> {
  const place = readPlace(delivery.to);
  if (place === null) return { kind: 'refused', error: `${delivery.to} is no address of Telegram` };
  try {
    const limits = { until: deps.now() + TIMEOUT_MS - SENDING_MS, signal };
    await tell(deps, { delivery, place, limits, note });
  } catch (error) {
    signal.throwIfAborted();
    return toOutcome(error);
  }
  const link = toLink(place);
  return { kind: 'sent', ...(link !== null && { link }) };
}

async function tell(deps: DeliverDeps, attempt: Attempt): Promise<void> {
  const { delivery } = attempt;
  const { request, approval, event } = delivery;
  switch (delivery.kind) {
    case 'prompt':
      if (request !== null) await sendOnce(deps, attempt, showPrompt(request), { urgency: 'soon', isQuiet: true });
      return;
    case 'progress':
      return tellProgress(deps, attempt);
    case 'approval':
      if (approval === null) return;
      return tellApproval(deps, attempt, showApproval(approval), event.type === 'approval.opened');
    case 'answer':
      return tellAnswer(deps, attempt);
    case 'notice':
    case 'test':
      return sendOnce(deps, attempt, { text: event.type, entities: [] }, { urgency: 'idle' });
  }
}

/** One message that changes. A request that has ended before anything was told of it needs none. */
async function tellProgress(deps: DeliverDeps, attempt: Attempt): Promise<void> {
  const { messenger, now } = deps;
  const { delivery, place } = attempt;
  const { request, event, earlier, messages } = delivery;
  const text = { text: sayProgress(event, request, now()), entities: [] };
  const options = { urgency: 'idle', isQuiet: true } as const;
  // What is more urgent in this thread waits behind it.
  const limits = { ...attempt.limits, until: Math.min(attempt.limits.until, now() + PROGRESS_WAIT_MS) };
  const shown = messages[0] ?? earlier[0];
  if (shown !== undefined && (await messenger.edit(place, shown, text, { ...options, ...limits }))) return;
  if (request !== null && hasEnded(request.state)) return;
  await send(deps, { ...attempt, limits }, text, options);
}

/** A decision is written where it was asked, if it was. */
async function tellApproval(deps: DeliverDeps, attempt: Attempt, text: ChatText, isAsked: boolean): Promise<void> {
  const { delivery, place, limits } = attempt;
  const [shown] = delivery.earlier;
  if (isAsked) await sendOnce(deps, attempt, text, { urgency: 'now' });
  else if (shown !== undefined) await deps.messenger.edit(place, shown, text, { urgency: 'now', ...limits });
}

/** Behind those that were sent before. */
async function tellAnswer(deps: DeliverDeps, attempt: Attempt): Promise<void> {
  const { delivery, place, note, limits } = attempt;
  const sent = [...delivery.messages];
  const options = { urgency: 'soon', ...limits } as const;
  for (const [at, part] of toParts(delivery.request).slice(sent.length).entries()) {
    sent.push(await sendPart(deps, place, part, { ...options, isAgain: at === 0 && delivery.isUnsure }));
    await note([...sent]);
  }
}

function sendPart(
  { messenger }: DeliverDeps,
  place: Place,
  part: AnswerPart,
  { isAgain, ...options }: SendOptions & { readonly isAgain: boolean },
): Promise<string> {
  if (part.kind === 'file') return messenger.sendFile(place, part.file, { ...options, isAgain });
  return messenger.send(place, isAgain ? markAgain(part.piece) : part.piece, options);
}

type Manner = Omit<SendOptions, 'until' | 'signal'>;

async function sendOnce(deps: DeliverDeps, attempt: Attempt, text: ChatText, manner: Manner): Promise<void> {
  if (attempt.delivery.messages.length === 0) await send(deps, attempt, text, manner);
}

async function send(deps: DeliverDeps, attempt: Attempt, text: ChatText, manner: Manner): Promise<void> {
  const { delivery, place, limits, note } = attempt;
  const marked = delivery.isUnsure ? { ...text, ...markAgain(text) } : text;
  await note([await deps.messenger.send(place, marked, { ...manner, ...limits })]);
}
