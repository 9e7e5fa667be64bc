import { randomUUID } from 'node:crypto';
import type { AgentRule, Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import { toKind, toPermission } from '../../program/asking/permission.ts';
import { asObject, toRules, toText, toTextOrNull, type Line, type ToolResult } from '../stream/line.ts';
import { toAnswer, toRefusal } from '../stream/words.ts';

type Request = (Line & { readonly kind: 'asks' })['request'];

/** What the agent asks in a turn, and what becomes of it. */
export interface Asking {
  /** Somebody is to decide. */
  readonly isOpen: boolean;
  hearAsk(requestId: string, request: Request): void;
  /** The agent does not want to know any more: a hook of its own has decided, or the turn is over. */
  hearWithdrawal(requestId: string): void;
  /** The agent has taken our answer. */
  hearTaken(requestId: string): void;
  hearResults(results: readonly ToolResult[]): void;
  /** Those that an earlier process was told of: it may not have been told what became of them. */
  restore(asks: readonly ApprovalAsk[]): void;
  /** No decision is handed over any more. */
  stop(): void;
  /** The turn is over: what was handed over was taken. */
  close(): void;
}

export interface AskingParts {
  readonly asked: TurnObserver['asked'];
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

export function createAsking({ asked, say, answered, remembered, log }: AskingParts): Asking {
  let open: readonly Open[] = [];
  let earlier: readonly ApprovalAsk[] = [];
  let isOver = false;

  function settle(one: Open, settlement: Settlement): void {
    open = open.filter((other) => other !== one);
    one.settled.resolve(settlement);
  }

  async function give(one: Open, decision: Decision): Promise<void> {
    if (isOver || one.given !== null || one.isWithdrawn || !open.includes(one)) return;
    one.given = decision.allow;
    if (decision.allow && decision.remember) remembered(one.ask.rules);
    await say(toAnswer(one.requestId, toResponse(one.ask, decision)));
  }

  function put(one: Open): void {
    open = [...open, one];
    asked(one.ask, one.settled.promise)
      .then((decision) => give(one, decision))
      .catch((error: unknown) => {
        if (!isOver) log.error({ tool: one.ask.tool, error: String(error) }, 'approval.not_asked');
      });
  }

  return {
    get isOpen() {
      return open.some(({ given, isWithdrawn }) => given === null && !isWithdrawn);
    },
    hearAsk(requestId, request) {
      const ask = toAsk(request);
      if (ask === null) {
        void say(toRefusal(requestId, `Gatehouse does not answer ${toText(request['subtype'])}.`)).catch(() => {});
        return;
      }
      const known = earlier.find(({ toolUseId }) => toolUseId === ask.toolUseId);
      earlier = earlier.filter((other) => other !== known);
      const given = answered(requestId);
      // It was settled before. Otherwise the earlier process was not told what became of its decision.
      if (given !== null && known === undefined) return;
      put({ requestId, ask, settled: Promise.withResolvers(), given, isWithdrawn: false });
    },
    hearWithdrawal(requestId) {
      const one = open.find((other) => other.requestId === requestId);
      if (one !== undefined && one.given === null) one.isWithdrawn = true;
    },
    hearTaken(requestId) {
      const one = open.find((other) => other.requestId === requestId);
      if (one !== undefined && one.given !== null) settle(one, { allowed: one.given, by: 'decision' });
    },
    hearResults(results) {
      for (const { id, ok } of results) {
        const one = open.find(({ ask }) => ask.toolUseId === id);
        // Nobody was asked any more, and its tool came to an end.
        if (one !== undefined && !isOver)
          settle(one, one.given === null ? { allowed: ok, by: 'agent' } : { allowed: one.given, by: 'decision' });
      }
    },
    restore: (asks) => void (earlier = asks),
    stop: () => void (isOver = true),
    close() {
      isOver = true;
      for (const one of open) if (one.given !== null) settle(one, { allowed: one.given, by: 'decision' });
    },
  };
}

/** Null when it is nothing that anybody could decide. */
function toAsk(request: Request): ApprovalAsk | null {
  const subagent = toTextOrNull(request['agent_id']);
  switch (request['subtype']) {
    case 'can_use_tool': {
      const tool = toTextOrNull(request['tool_name']) ?? 'unknown';
      const toolUseId = toTextOrNull(request['tool_use_id']) ?? `unnamed-${randomUUID()}`;
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
      const toolUseId = `form-${toTextOrNull(request['elicitation_id']) ?? randomUUID()}`;
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
