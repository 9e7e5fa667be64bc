import type { AgentRule, Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toKind, toPermission } from '../../program/asking/permission.ts';
import { asObject, toRules, toText, toTextOrNull, type Line, type ToolResult } from '../stream/line.ts';
import { toAnswer, toRefusal } from '../stream/words.ts';

type Request = (Line & { readonly kind: 'asks' })['request'];

/** What the agent asks in a turn, and what becomes of it. */
export interface Asking {
  hearAsk(requestId: string, request: Request): void;
  /** The agent does not want to know any more: a hook of its own has decided, or the turn is over. */
  hearWithdrawal(requestId: string): void;
  /** The agent has taken our answer. */
  hearTaken(requestId: string): void;
  hearResults(results: readonly ToolResult[]): void;
  /** Those that an earlier process was told of: it may not have been told what became of them. */
  restore(asks: readonly Pick<ApprovalAsk, 'toolUseId'>[]): void;
  /** No decision is handed over any more. */
  stop(): void;
  /** The turn is over: what was handed over was taken. */
  close(): void;
}

export interface AskingParts {
  readonly asked: TurnObserver['asked'];
  /** Never rejects. */
  readonly say: (line: string) => Promise<void>;
  /** What an earlier process has answered to it, by what was said to the agent; null: nothing. */
  readonly answered: (requestId: string) => boolean | null;
  /** These were allowed for the rest of the session. */
  readonly remembered: (rules: readonly AgentRule[]) => void;
  readonly log: Log;
}

interface Open {
  readonly requestId: string;
  readonly ask: ApprovalAsk;
  readonly settled: PromiseWithResolvers<Settlement>;
  /** What was handed over. */
  given: boolean | null;
  isWithdrawn: boolean;
}

export function createAsking(parts: AskingParts): Asking {
  const asks: Asks = { parts, open: [], earlier: new Set(), isOver: false };
  return {
    hearAsk: (requestId, request) => hearAsk(asks, requestId, request),
    hearWithdrawal(requestId) {
      const one = asks.open.find((other) => other.requestId === requestId);
      if (one === undefined || one.given !== null) return;
      one.isWithdrawn = true;
      // No tool of its own tells the end of a form.
      if (one.ask.kind === 'form') settle(asks, one, { allowed: false, by: 'agent' });
    },
    hearTaken(requestId) {
      const one = asks.open.find((other) => other.requestId === requestId);
      if (one !== undefined && one.given !== null) settle(asks, one, { allowed: one.given, by: 'decision' });
    },
    hearResults: (results) => hearResults(asks, results),
    restore: (earlier) => void (asks.earlier = new Set(earlier.map(({ toolUseId }) => toolUseId))),
    stop: () => void (asks.isOver = true),
    close() {
      asks.isOver = true;
      for (const one of asks.open) if (one.given !== null) settle(asks, one, { allowed: one.given, by: 'decision' });
    },
  };
}

interface Asks {
  readonly parts: AskingParts;
  open: readonly Open[];
  /** By the ids of their tool uses. */
  earlier: Set<string>;
  isOver: boolean;
}

function hearAsk(asks: Asks, requestId: string, request: Request): void {
  const { say, answered } = asks.parts;
  const ask = toAsk(requestId, request);
  if (ask === null) {
    void say(toRefusal(requestId, `Gatehouse does not answer ${toText(request['subtype'])}.`));
    return;
  }
  const isKnown = asks.earlier.delete(ask.toolUseId);
  const given = answered(requestId);
  // It was settled before. Otherwise the earlier process was not told what became of its decision.
  if (given !== null && !isKnown) return;
  put(asks, { requestId, ask, settled: Promise.withResolvers(), given, isWithdrawn: false });
}

function put(asks: Asks, one: Open): void {
  const { asked, log } = asks.parts;
  asks.open = [...asks.open, one];
  asked(one.ask, one.settled.promise)
    .then((decision) => give(asks, one, decision))
    .catch((error: unknown) => {
      if (!asks.isOver) log.error({ tool: one.ask.tool, error: String(error) }, 'approval.not_asked');
    });
}

async function give(asks: Asks, one: Open, decision: Decision): Promise<void> {
  if (asks.isOver || one.given !== null || one.isWithdrawn || !asks.open.includes(one)) return;
  one.given = decision.allow;
  if (decision.allow && decision.remember) asks.parts.remembered(one.ask.rules);
  await asks.parts.say(toAnswer(one.requestId, toResponse(one.ask, decision)));
}

function hearResults(asks: Asks, results: readonly ToolResult[]): void {
  // A turn that is stopped ends its tools without an answer.
  if (asks.isOver) return;
  for (const { id, ok } of results) {
    const one = asks.open.find(({ ask }) => ask.toolUseId === id);
    if (one === undefined) continue;
    // Nobody was asked any more, and its tool came to an end.
    const isGiven = one.given !== null;
    settle(asks, one, { allowed: one.given ?? ok, by: isGiven ? 'decision' : 'agent' });
  }
}

function settle(asks: Asks, one: Open, settlement: Settlement): void {
  asks.open = asks.open.filter((other) => other !== one);
  one.settled.resolve(settlement);
}

/** Null when it is nothing that anybody could decide. */
function toAsk(requestId: string, request: Request): ApprovalAsk | null {
  const subagent = toTextOrNull(request['agent_id']);
  switch (request['subtype']) {
    case 'can_use_tool': {
      const tool = toTextOrNull(request['tool_name']) ?? 'unknown';
      const toolUseId = toTextOrNull(request['tool_use_id']) ?? `unnamed-${requestId}`;
      return {
        kind: toKind(tool),
        toolUseId,
        subagent,
        tool,
        input: asObject(request['input']),
        rules: toRules(request),
      };
    }
    case 'elicitation': {
      const { mcp_server_name: server, message, mode = 'form', requested_schema: schema, url } = request;
      const toolUseId = `form-${toTextOrNull(request['elicitation_id']) ?? requestId}`;
      const input = { server, message, mode, schema, ...(url !== undefined && { url }) };
      return { kind: 'form', toolUseId, subagent, tool: toTextOrNull(server) ?? 'unknown', input, rules: [] };
    }
    default:
      return null;
  }
}

function toResponse(ask: ApprovalAsk, decision: Decision): object {
  if (ask.kind === 'form')
    return decision.allow ? { action: 'accept', content: decision.answers ?? {} } : { action: 'decline' };
  // Older versions fail the tool when its input does not come back.
  return { ...(decision.allow && { updatedInput: ask.input }), ...toPermission(ask, decision) };
}
