import type { Who } from '../../core/model/audit/audit.ts';
import type { EventType } from '../../core/model/event.ts';
import type { HookMetadata } from '../../core/model/hooks/contexts.ts';
import { isRetryable, type Phase, type RequestEnd, type RequestRecord } from '../../core/model/request.ts';
import type { Usage } from '../../core/model/usage/usage.ts';
import type { NewPrompt, TurnProgress, TurnRef } from '../../core/ports/store.ts';
import { endApprovals } from '../approvals/approvals.ts';
import { lanesOwed } from '../deliveries/delivery-queries.ts';
import { noteAudit } from '../audit/audit.ts';
import type { Asker } from '../deliveries/owe.ts';
import { appendEvent } from '../events/events.ts';
import { noteSpent } from '../spending/spending.ts';
import { setUsage } from '../spending/usage-queries.ts';
import { tellMoves } from './moves.ts';
import {
  endRunning,
  endWaiting,
  endWaitingSince,
  noteCancel,
  ownedTurn,
  queueAgain,
  setHookMetadata,
  setProgress,
  setPrompt,
} from '../requests/queries.ts';
import { toAltered, toRequest } from '../sql/rows.ts';
import { all, get, run, type Step } from '../sql/step.ts';

// Each of these must run inside one transaction: the change and its event are written together or not at all.

export function* progress(turn: TurnRef, step: TurnProgress, now: number): Step<boolean> {
  const { id, epoch } = turn;
  const before = yield* get(ownedTurn, { id, epoch });
  if (before === undefined) return false;
  const { phase, transcriptOffset: offset = null, altered = [], arrived = null, conversationLost = null } = step;
  yield* run(setProgress, { id, epoch, phase, offset, altered: toAltered(altered), arrived, conversationLost });
  const type = toPhaseEvent(step.phase);
  if (type !== null && before.phase !== step.phase) {
    yield* appendEvent({ type, requestId: id, workspace: before.workspace, at: now }, before);
  }
  return true;
}

export function* keepHookMetadata({ id, epoch }: TurnRef, metadata: HookMetadata): Step<boolean> {
  return (yield* run(setHookMetadata, { id, epoch, metadata: JSON.stringify(metadata) })) > 0;
}

function toPhaseEvent(phase: Phase): EventType | null {
  switch (phase) {
    case 'submitting':
      return 'request.submitting';
    case 'working':
      return 'request.working';
    case 'preparing':
    case 'waiting_approval':
      return null;
  }
}

export function* requeue(turn: TurnRef, now: number): Step<boolean> {
  const row = yield* get(queueAgain, { id: turn.id, epoch: turn.epoch });
  if (row !== undefined) yield* endApprovals(turn.id, now);
  const isQueued = yield* appendIfChanged(row, turn.id, 'request.requeued', now, { epoch: turn.epoch });
  if (row !== undefined) yield* tellMoves(row.workspace, now);
  return isQueued;
}

export function* end(turn: TurnRef, how: RequestEnd, now: number): Step<boolean> {
  const row = yield* get(endRunning, { ...toEndArgs(how, now), id: turn.id, epoch: turn.epoch });
  if (row !== undefined) yield* endApprovals(turn.id, now);
  if (row !== undefined && how.usage !== null && how.usage !== 'pending') yield* noteSpent(row, how.usage, now);
  return yield* appendIfChanged(row, turn.id, `request.${how.state}`, now, toEndData(how));
}

export function* noteUsage({ id, epoch }: TurnRef, usage: Usage | null, now: number): Step<readonly string[] | null> {
  const row = yield* get(setUsage, { id, epoch, usage: toText(usage) });
  if (row === undefined) return null;
  // By its end, as what is known with it.
  if (usage !== null) yield* noteSpent(row, usage, row.completed_at ?? now);
  const data = { requestId: id, usage };
  yield* appendEvent({ type: 'usage.noted', requestId: null, workspace: row.workspace, at: now, data });
  return (yield* all(lanesOwed, { requestId: id })).map(({ lane }) => lane);
}

export function* endQueued(id: string, how: RequestEnd, now: number, who?: Who): Step<boolean> {
  const row = yield* get(endWaiting, { ...toEndArgs(how, now), id });
  yield* noteCancelled(row, id, now, who);
  const isEnded = yield* appendIfChanged(row, id, `request.${how.state}`, now, toEndData(how));
  if (row !== undefined) yield* tellMoves(row.workspace, now);
  return isEnded;
}

export function* endOverdue(acceptedUntil: number, how: RequestEnd, now: number): Step<readonly RequestRecord[]> {
  const rows = yield* all(endWaitingSince, { ...toEndArgs(how, now), acceptedUntil });
  const inOrder = rows.toSorted((a, b) => a.seq - b.seq);
  for (const row of inOrder) yield* appendIfChanged(row, row.id, `request.${how.state}`, now, toEndData(how));
  for (const workspace of new Set(rows.map((row) => row.workspace))) yield* tellMoves(workspace, now);
  return inOrder.map(toRequest);
}

export function* changePrompt(id: string, { prompt, altered }: NewPrompt, now: number): Step<boolean> {
  const row = yield* get(setPrompt, { id, prompt, altered: toAltered(altered) });
  return yield* appendIfChanged(row, id, 'request.changed', now, { characters: prompt.length });
}

export function* askCancel(id: string, now: number, who?: Who): Step<boolean> {
  const row = yield* get(noteCancel, { id, now });
  yield* noteCancelled(row, id, now, who);
  return yield* appendIfChanged(row, id, 'request.cancel_asked', now, {});
}

function* noteCancelled(
  row: { readonly workspace: string } | undefined,
  id: string,
  at: number,
  who: Who | undefined,
): Step<void> {
  if (row === undefined || who === undefined) return;
  yield* noteAudit({ at, who, action: 'request.cancelled', workspace: row.workspace, subject: id });
}

function toEndArgs(how: RequestEnd, now: number) {
  return {
    state: how.state,
    reason: how.reason,
    retryable: how.reason === null ? null : Number(isRetryable(how.reason)),
    error: how.error,
    text: how.text,
    usage: how.usage === 'pending' ? null : toText(how.usage),
    usagePending: Number(how.usage === 'pending'),
    now,
  };
}

function toText(usage: Usage | null): string | null {
  return usage === null ? null : JSON.stringify(usage);
}

function toEndData(how: RequestEnd): Readonly<Record<string, unknown>> {
  const bytes = Buffer.byteLength(how.text ?? '');
  if (how.reason === null) return { bytes };
  const { reason, silent } = how;
  return { reason, retryable: isRetryable(reason), bytes, ...(silent === true && { silent }) };
}

function* appendIfChanged(
  row: (Asker & { readonly workspace: string }) | undefined,
  requestId: string,
  type: EventType,
  at: number,
  data: Readonly<Record<string, unknown>>,
): Step<boolean> {
  if (row === undefined) return false;
  yield* appendEvent({ type, requestId, workspace: row.workspace, at, data }, row);
  return true;
}
