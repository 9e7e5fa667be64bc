import type { HookMetadata } from '../../model/hooks/contexts.ts';
import { type HookRecord, isHookFor } from '../../model/hooks/hook.ts';
import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { HookAnswer, HookOutcome, HookQuestion } from '../../ports/hooks/hooks.ts';
import { askPerson } from './ask-person.ts';
import type { AskingTurn, AskParts } from './asking-turn.ts';
import { toDenial } from './denial.ts';

/** Asks the hooks whether a turn may begin, one after the other; the first denial wins. Null: it may. Rejects when the
 *  signal aborts. */
export async function askHooks(parts: AskParts, turn: AskingTurn): Promise<RequestEnd | null> {
  const { request } = turn;
  const question = toQuestion(request);
  let metadata: HookMetadata = {};
  const asked = new Set<string>();
  // Looked for anew each time: which hooks there are may change while one is asked, or a person.
  const findNext = (): HookRecord | undefined =>
    parts.hooks.list().find((hook) => !asked.has(hook.name) && isHookFor(hook, 'pre_session', request));
  for (let hook = findNext(); hook !== undefined; hook = findNext()) {
    turn.signal.throwIfAborted();
    asked.add(hook.name);
    const answer = judge(parts, request, hook, await parts.hooks.ask(hook, question, turn.signal));
    if (!answer.allow) return toDenial(hook.name, answer.reason, answer.silent);
    if (Object.keys(answer.metadata).length > 0) {
      metadata = { ...metadata, ...answer.metadata };
      // Before anybody is asked more: whatever comes of it, what this one began is known to those that are told of the end.
      await turn.keep(metadata);
    }
    const refusal = answer.ask === null ? null : await askPerson(parts, turn, hook.name, answer.ask);
    if (refusal !== null) return toDenial(hook.name, refusal, answer.silent);
  }
  return null;
}

function toQuestion({ id, identity, prompt, agent, workspace, trace }: RequestRecord): HookQuestion {
  return {
    // The same when it has to be asked again.
    eventId: `pre-${id}`,
    fields: { identity, message_text: prompt, engine: agent, project: workspace, raw_message: {} },
    traceparent: trace?.traceparent,
  };
}

const NOTHING: HookAnswer = { allow: true, reason: null, silent: false, metadata: {}, ask: null };

/** What a hook that failed is taken to have said. */
function judge({ log }: AskParts, { id }: RequestRecord, hook: HookRecord, outcome: HookOutcome): HookAnswer {
  if (outcome.kind === 'said') {
    if (!outcome.answer.allow) log.info({ requestId: id, hook: hook.name }, 'hook.denied');
    return outcome.answer;
  }
  const { why, complaint } = outcome;
  log.warn({ requestId: id, hook: hook.name, why, complaint, denies: hook.failClosed }, 'hook.failed');
  if (!hook.failClosed) return NOTHING;
  return { ...NOTHING, allow: false, reason: `The hook ${hook.name} could not be asked: it ${why}.` };
}
