import type { WebSocket } from '@fastify/websocket';
import type { AnswersApi } from '../../../core/ports/gateway/answers.ts';
import type { Log } from '../../../core/ports/log.ts';

/** How many clients wait for the answer of each request: one that comes again is there before the old connection is
 *  known to be gone. */
export type Attendance = Map<string, number>;

export interface AnswersDeps {
  readonly socket: WebSocket;
  /** Where it is known who waits. */
  readonly owed: AnswersApi;
  readonly log: Log;
  readonly attendance: Attendance;
}

/** How a connection ended: it broke, the client closed it, or the client answered that the gateway closes it. */
export type Parting = 'broken' | 'asked' | 'answered';

/** Of the ping before an answer; that behind it bears its id alone. */
const BEFORE = '<';

/** The answers that a client waits for. Each is owed until the client has it. A client answers a ping when it reads
 *  it, so one before an answer and one behind it tell how far it has read. */
export interface Answers {
  /** Its answer is waited for here, too. */
  attend(id: string): void;
  /** Sends it; `send` returns whether it could. */
  hand(id: string, send: () => boolean): void;
  /** What the client answered to a ping. */
  heard(mark: string): void;
  /** The client went away. */
  leave(parting: Parting): Promise<void>;
}

interface Sent {
  readonly id: string;
  /** The client has read up to here. */
  isReached: boolean;
}

export function createAnswers({ socket, owed, log, attendance }: AnswersDeps): Answers {
  const awaited = new Set<string>();
  /** Oldest first. */
  let unproven: readonly Sent[] = [];
  const ping = (mark: string): void => {
    if (socket.readyState === socket.OPEN) socket.ping(mark);
  };

  /** What is owed is on disk: what fails here is left at the next start. */
  async function note(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => log.warn({ error: String(error) }, 'bot.answer_not_noted'));
  }

  function arrived(count: number): Promise<void> {
    const ids = unproven.slice(0, count).map(({ id }) => id);
    unproven = unproven.slice(count);
    for (const id of ids) forget(id);
    return note(Promise.all(ids.map((id) => owed.handedOver(id))).then(() => {}));
  }

  /** True: nobody else waits for it. */
  function forget(id: string): boolean {
    if (!awaited.delete(id)) return false;
    const left = (attendance.get(id) ?? 1) - 1;
    if (left > 0) attendance.set(id, left);
    else attendance.delete(id);
    return left <= 0;
  }

  return {
    attend(id) {
      if (awaited.has(id)) return;
      awaited.add(id);
      attendance.set(id, (attendance.get(id) ?? 0) + 1);
    },
    hand(id, send) {
      if (awaited.has(id)) ping(`${BEFORE}${id}`);
      if (!send() || !awaited.has(id)) return;
      unproven = [...unproven, { id, isReached: false }];
      ping(id);
    },
    heard(mark) {
      const reached = unproven.find(({ id }) => mark === `${BEFORE}${id}`);
      if (reached !== undefined) reached.isReached = true;
      else void arrived(unproven.findIndex(({ id }) => mark === id) + 1);
    },
    async leave(parting) {
      // Who closes on getting the answer reads no ping behind it. Who answers a close frame has read all before it.
      if (parting === 'asked') await arrived(unproven.findLastIndex(({ isReached }) => isReached) + 1);
      if (parting === 'answered') await arrived(unproven.length);
      const left = [...awaited].filter(forget);
      await note(Promise.all(left.map((id) => owed.leave(id))).then(() => {}));
    },
  };
}
