import type { Reason, RequestEnd, RequestRecord } from '../model/request.ts';
import type { TurnTrace } from '../ports/agent.ts';
import type { Lanes } from './lanes.ts';
import type { FlowParts } from './parts.ts';
import type { Sessions } from './sessions.ts';

export interface RecoverDeps {
  readonly parts: FlowParts;
  readonly sessions: Sessions;
  readonly lanes: Lanes;
}

/** Finds every request that an earlier process left running, and wakes every lane that has work.
 *  Resolves once each running one has ended, is queued again, or is rejoined. */
export async function recover(deps: RecoverDeps): Promise<void> {
  const { store, log } = deps.parts;
  const unended = await store.listUnended();
  const running = unended.filter((request) => request.state === 'running');
  await Promise.all(
    running.map(async (request) => {
      const outcome = await recoverOne(deps, request).catch(async (error: unknown) => {
        log.error({ requestId: request.id, error: String(error) }, 'recover.failed');
        await end(deps, request, failed('internal', 'The gateway could not find out what became of this turn.', null));
        return 'failed' as const;
      });
      log.info({ requestId: request.id, phase: request.phase, outcome }, 'turn.recovered');
    }),
  );
  for (const workspace of new Set(unended.map((request) => request.workspace))) deps.lanes.kick(workspace);
}

type Outcome = 'requeued' | 'rejoined' | 'completed' | 'failed' | 'cancelled';

async function recoverOne(deps: RecoverDeps, request: RequestRecord): Promise<Outcome> {
  const { parts, sessions, lanes } = deps;
  const reported = request.phase === 'working' || request.phase === 'waiting_approval';
  const past = { prompt: request.prompt, transcriptOffset: request.transcriptOffset, reported };
  const spec = await sessions.specOf(request.workspace);
  const trace = await sessions.driverOf(request.agent).trace(spec, past);
  if (trace.kind === 'alive') {
    sessions.take(request.workspace, trace.session);
    if (!reported) await parts.store.progress(request, { phase: 'working' }, parts.clock.now());
    lanes.resume(request, (session, _observer, signal) =>
      session.rejoinTurn(request.prompt, request.transcriptOffset ?? 0, signal),
    );
    return 'rejoined';
  }
  if (request.cancelAskedAt !== null) {
    await end(deps, request, { state: 'cancelled', reason: null, error: null, text: textOf(trace), usage: null });
    return 'cancelled';
  }
  if (request.phase === 'preparing' && trace.kind === 'no_proof') {
    await parts.store.requeue(request, parts.clock.now());
    return 'requeued';
  }
  return endFromTrace(deps, request, trace, reported);
}

async function endFromTrace(
  deps: RecoverDeps,
  request: RequestRecord,
  trace: Exclude<TurnTrace, { kind: 'alive' }>,
  reported: boolean,
): Promise<Outcome> {
  switch (trace.kind) {
    case 'answered':
      await end(deps, request, { state: 'completed', reason: null, error: null, text: trace.text, usage: trace.usage });
      return 'completed';
    case 'cut_off':
      await end(deps, request, failed('host_restarted', HOST_RESTARTED, trace.text));
      return 'failed';
    case 'no_proof':
      await end(
        deps,
        request,
        reported
          ? failed('host_restarted', HOST_RESTARTED, null)
          : failed('submission_unknown', SUBMISSION_UNKNOWN, null),
      );
      return 'failed';
  }
}

const HOST_RESTARTED =
  'The agent ended with its host while it worked on this request. Look at what it did, then send it again.';
const SUBMISSION_UNKNOWN =
  'The gateway ended in the moment of submission, and nothing proves whether the agent got the prompt. Look at what it did before you send it again.';

function textOf(trace: TurnTrace): string | null {
  return trace.kind === 'answered' || trace.kind === 'cut_off' ? trace.text : null;
}

function failed(reason: Reason, error: string, text: string | null): RequestEnd {
  return { state: 'failed', reason, error, text, usage: null };
}

async function end({ parts }: RecoverDeps, request: RequestRecord, outcome: RequestEnd): Promise<void> {
  await parts.store.end(request, outcome, parts.clock.now());
}
