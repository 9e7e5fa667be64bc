import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../../core/model/errors.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createProblem, ProblemError, toProblem, type Problem } from '../../answers/problem.ts';
import type { Parting } from './bot-answers.ts';
import { toError, type BotFrame } from './bot-messages.ts';

/** What is said to one client. */
export interface BotLine {
  isOpen(): boolean;
  /** False: it was not sent, for the connection ends. */
  say(frame: BotFrame): boolean;
  /** Says why, and ends the connection when that was a flood. */
  refuse(error: unknown, taskId: string | null): void;
  /** A frame was not refused. */
  accepted(): void;
  close(code: number, reason: string): void;
  /** By the code with which the connection closed. */
  partingOf(code: number): Parting;
}

/** So much may wait for a client that does not read. */
const UNREAD_MAX_BYTES = 1024 * 1024;
/** So many frames in a row over the rate limit are answered. */
const REFUSED_MAX = 100;
/** The close code of a connection that broke: nobody said goodbye. */
const ABNORMAL = 1006;

export interface BotLineDeps {
  readonly socket: WebSocket;
  readonly log: Log;
  readonly keyId: string | null;
}

export function createLine({ socket, log, keyId }: BotLineDeps): BotLine {
  /** Frames in a row over the rate limit. */
  let refused = 0;
  /** The code with which the gateway closes the connection. */
  let closedWith: number | null = null;

  function close(code: number, reason: string): void {
    closedWith ??= code;
    socket.close(code, reason);
  }

  function say(frame: BotFrame): boolean {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount > UNREAD_MAX_BYTES)
      close(1013, 'read what was sent before');
    if (socket.readyState !== socket.OPEN) return false;
    socket.send(JSON.stringify({ ...frame, timestamp: new Date().toISOString() }));
    return true;
  }

  return {
    isOpen: () => socket.readyState === socket.OPEN,
    say,
    refuse(error, taskId) {
      const problem = recognise(error, log);
      refused = problem.code === 'rate_limited' ? refused + 1 : 0;
      log.info({ route: '/ws', keyId, code: problem.code }, 'http.frame_refused');
      say(toError(problem, taskId));
      if (refused >= REFUSED_MAX) close(1008, problem.detail);
    },
    accepted() {
      refused = 0;
    },
    close,
    partingOf: (code) => (code === ABNORMAL ? 'broken' : code === closedWith ? 'answered' : 'asked'),
  };
}

function recognise(error: unknown, log: Log): Problem {
  if (error instanceof GatewayError) return toProblem(error);
  if (error instanceof ProblemError) return error.problem;
  log.error({ err: error }, 'bot.failed');
  return createProblem('internal', 'Something went wrong inside the gateway: see its log');
}
