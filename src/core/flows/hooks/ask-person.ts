import type { ApprovalRecord, Decision } from '../../model/approval.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Settlement } from '../../ports/agent.ts';
import type { Store } from '../../ports/store.ts';
import { untilAborted } from '../../model/words/until-aborted.ts';
import type { AskingTurn, AskParts } from './asking-turn.ts';
import { clean } from './denial.ts';

const APPROVALS_MAX = 10_000;
const DENIED = 'Denied by a person whom a hook asked.';
const NOBODY = 'Nobody decided in time whether this may begin.';

/** Holds the turn until a person has decided. Null: it may go on; else why not. */
export async function askPerson(
  { store }: Pick<AskParts, 'store'>,
  turn: AskingTurn,
  hook: string,
  ask: string,
): Promise<string | null> {
  const { request, approvals, signal } = turn;
  const { epoch, prompt } = request;
  const words = clean(ask);
  const earlier = await findDecided(store, request, hook, words);
  if (earlier !== null) return toRefusal(earlier);
  const settled = Promise.withResolvers<Settlement>();
  const approval = {
    kind: 'hook',
    // One that is asked in another run of the request is another one.
    toolUseId: `hook:${epoch}:${hook}`,
    subagent: null,
    tool: hook,
    input: { ask: words, prompt },
    rules: [],
  } as const;
  const decision = await untilAborted(approvals.asked(approval, settled.promise), signal);
  settled.resolve({ allowed: decision.allow, by: 'decision' });
  // It is told of in this step, and the turn goes on from a store that knows that nothing waits any more.
  await settled.promise;
  await approvals.stored();
  return toRefusal(decision);
}

/** A person who decided before the gateway was started again is not asked twice, unless it waited meanwhile and was
 *  changed. */
async function findDecided(
  store: Pick<Store, 'listApprovals'>,
  { id: requestId, prompt }: Pick<RequestRecord, 'id' | 'prompt'>,
  hook: string,
  ask: string,
): Promise<Decision | null> {
  const { approvals } = await store.listApprovals({ requestId }, APPROVALS_MAX);
  const isIt = ({ kind, tool, input, decidedBy }: ApprovalRecord): boolean =>
    kind === 'hook' && tool === hook && input['ask'] === ask && input['prompt'] === prompt && decidedBy === 'api';
  return approvals.find(isIt)?.decision ?? null;
}

function toRefusal({ allow, message, lapsed }: Decision): string | null {
  if (allow) return null;
  return lapsed === true ? NOBODY : (message ?? DENIED);
}
