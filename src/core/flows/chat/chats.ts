import type { Who } from '../../model/audit/audit.ts';
import { questionsOf, type ApprovalRecord } from '../../model/approval.ts';
import { type ApprovalPress, type ChatPlace, type GivenCommand, parseCommand, parsePress } from '../../model/chat.ts';
import { GatewayError } from '../../model/errors.ts';
import { sayAllowed } from '../../model/words/decision.ts';
import type { ApprovalsApi, GivenDecision } from '../../ports/gateway/approvals.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import type { ChatMessage, ChatPress, ChatReply, ChatsApi } from '../../ports/gateway/chats.ts';
import type { SessionsApi } from '../../ports/gateway/sessions.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Turns } from '../outbox/turns.ts';
import type { FlowParts } from '../parts.ts';
import { createDoorkeeper } from './access.ts';
import { bindPlace } from './bind.ts';
import { runCommand } from './commands.ts';
import { change, type SaidDeps, submit, takeBack, toReply } from './said.ts';

export interface ChatDeps extends SaidDeps {
  readonly parts: SaidDeps['parts'] & Pick<FlowParts, 'clock' | 'log'>;
  readonly approvals: Pick<ApprovalsApi, 'read' | 'decide' | 'list'>;
  readonly sessions: Pick<SessionsApi, 'list'>;
  readonly outbox: Turns & Pick<Outbox, 'wake'>;
}

export function createChats(deps: ChatDeps): ChatsApi {
  const { store, clock, log, settings } = deps.parts;
  const doorkeeper = createDoorkeeper(settings.chats, log);

  const mayStart = ({ place, speaker, isForwarded }: ChatMessage): boolean =>
    !isForwarded && doorkeeper.maySpeak(place, speaker);

  return {
    async said(message) {
      const { place, messageId } = message;
      if (await store.isHandled(place, messageId)) return null;
      if (!mayStart(message)) {
        await store.noteHandled(place, messageId);
        return null;
      }
      const thread = await bindPlace(deps.parts, place);
      const command = parseCommand(message.text);
      if (command !== null) return obey(deps, message, thread, command);
      try {
        return await submit(deps, message, thread);
      } catch (error) {
        // Owed in the same step: a refusal that is noted, and not told, would lose the message without a word.
        const { text } = toReply(error);
        await store.refuseMessage({ place, messageId, to: place.address, text }, clock.now());
        deps.outbox.wake(place.address);
        return null;
      }
    },

    async edited(message) {
      if (!mayStart(message)) return null;
      return change(deps, message).catch(toReply);
    },

    turn: (address, signal) => deps.outbox.turn(address, signal),

    deleted: (place, messageId) => takeBack(deps, place, messageId),

    async pressed(press) {
      const given = parsePress(press.data);
      if (given === null) return { text: 'This button is not known any more.' };
      if (!doorkeeper.mayDecide(press.place, press.speaker)) return { text: 'You may not decide here.' };
      return decide(deps, press, given).catch(toReply);
    },
  };
}

/** Once: it is noted before it is done, so that it does nothing when the network tells of it again. */
async function obey(
  deps: ChatDeps,
  { place, speaker, messageId, files }: ChatMessage,
  thread: ThreadRecord,
  command: GivenCommand,
): Promise<ChatReply> {
  const { store, log } = deps.parts;
  await store.noteHandled(place, messageId);
  if (files.length > 0) return { text: `/${command.name} takes no files: nothing was done. Send each alone.` };
  try {
    return { text: await runCommand(deps, { place, who: toWho(place.transport, speaker) }, thread, command) };
  } catch (error) {
    log.warn({ command: command.name, error: String(error) }, 'chat.command_failed');
    return { text: `/${command.name} did not work: ${toReason(error)}. Send it again.` };
  }
}

const toWho = (transport: ChatPlace['transport'], { id }: ChatPress['speaker']): Who => `${transport}:${id}`;

const toReason = (error: unknown): string =>
  error instanceof GatewayError ? error.message.replace(/\.$/, '') : 'see the log of the gateway';

/** Only by those who were shown it: an approver of one place is none of another. */
async function decide(
  { parts: { store }, approvals }: ChatDeps,
  { speaker, place }: ChatPress,
  press: ApprovalPress,
): Promise<ChatReply> {
  const approval = await approvals.read(press.approvalId);
  if (!(await store.isTold(approval, place.address))) return { text: 'This was not asked here.' };
  const decision = toDecision(approval, press, speaker.name);
  await approvals.decide(press.approvalId, decision, toWho(place.transport, speaker));
  return { text: `${decision.allow ? sayAllowed(decision) : 'Denied'}.` };
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
