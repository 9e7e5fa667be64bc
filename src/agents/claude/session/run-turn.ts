import { setTimeout as delay } from 'node:timers/promises';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { ProveEarshot } from '../submission/earshot.ts';
import { NotReadyError } from '../submission/not-ready.ts';
import type { Modes } from '../submission/modes.ts';
import { createSetBack } from '../submission/set-back.ts';
import { submit, type SubmissionParts } from '../submission/submission.ts';
import type { FollowedConversation } from '../transcript/conversation.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import { supervise } from '../turn/supervise.ts';
import type { Reports, SessionOrigin } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface RunParts {
  readonly origin: SessionOrigin;
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly modes: Modes;
  readonly conversation: FollowedConversation;
  readonly files: AgentFiles;
  readonly proveEarshot: ProveEarshot;
}

/** A prompt that was refused is noted within this time; until then the CLI may still empty its composer, or fill it. */
const REFUSAL_MAX_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** From an idle agent to the end of a turn. */
export async function runTurn(parts: RunParts, turn: CurrentTurn, signal: AbortSignal): Promise<void> {
  // What it cannot report cannot be compared, nor kept from its model.
  if (parts.origin === 'deaf') throw new NotReadyError('The agent reports to an earlier AGENT_HOOK_PORT.');
  const submission = toSubmission(parts, turn);
  do {
    if (turn.watch.isRetracted) await untilRefusalNoted(turn, signal);
    await submit(submission, signal);
    if (turn.watch.state === 'preparing' || turn.watch.state === 'pasted') return;
    await supervise(turn, signal);
  } while (turn.watch.isRetracted);
}

function toSubmission(parts: RunParts, turn: CurrentTurn): SubmissionParts {
  const { slot, reports, modes, conversation, files, proveEarshot } = parts;
  const noticed: SubmissionParts['noticed'] = (notice) => turn.observer.noticed(notice);
  const setBack = createSetBack({ terminal: turn.terminal, modes, noticed });
  void turn.watch.received.then(() => setBack.proven());
  return {
    ...turn,
    get isUnsteady() {
      return slot.agent === 'unsteady';
    },
    isMoving: () => conversation.isMoving(),
    isUnasked: () => reports.isUnasked,
    isPrompted: () => reports.isPrompted,
    isSettling: () => reports.isSettling,
    setBack,
    noticed,
    proveEarshot,
    async transcriptEnd() {
      const offset = (await files.sizeOf(conversation.current.transcript)) ?? 0;
      turn.beginsAt(offset);
      return offset;
    },
  };
}

async function untilRefusalNoted(turn: CurrentTurn, signal: AbortSignal): Promise<void> {
  for (const until = performance.now() + REFUSAL_MAX_MS; performance.now() < until;) {
    if (await turn.isRefusalNoted()) return;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
