import type { Decision } from '../../src/core/model/approval.ts';
import type { ApprovalAsk, Settlement, TurnEnd, TurnObserver } from '../../src/core/ports/agent.ts';
import { untilInterrupted, type FakeDriverScript } from './fake-driver.ts';

/** For the fake driver: an agent that asks and ends when a test says so. */
export interface AskingAgent extends Required<Pick<FakeDriverScript, 'runTurn' | 'rejoinTurn'>> {
  /** Once its turn runs. */
  ask(toolUseId: string, more?: Partial<ApprovalAsk>): Promise<AgentDialog>;
  finish(end?: TurnEnd): void;
}

export interface AgentDialog {
  readonly ask: ApprovalAsk;
  /** What was handed to the agent; null before. */
  readonly given: Decision | null;
  readonly decided: Promise<Decision>;
  settle(settlement: Settlement): void;
}

export function createAskingAgent(): AskingAgent {
  const begun = Promise.withResolvers<TurnObserver>();
  const over = Promise.withResolvers<TurnEnd>();

  function work(observer: TurnObserver, signal: AbortSignal): Promise<TurnEnd> {
    begun.resolve(observer);
    return Promise.race([over.promise, untilInterrupted(signal)]);
  }

  return {
    async runTurn(_prompt, observer, signal) {
      await observer.prepared(100);
      await observer.submitting();
      await observer.working({ text: _prompt, altered: [] });
      return work(observer, signal);
    },
    rejoinTurn: (_past, observer, signal) => work(observer, signal),
    async ask(toolUseId, more) {
      const observer = await begun.promise;
      return openDialog(observer, { ...ASK, toolUseId, ...more });
    },
    finish: (end = { kind: 'completed', text: 'done', usage: null }) => over.resolve(end),
  };
}

function openDialog(observer: TurnObserver, ask: ApprovalAsk): AgentDialog {
  const settled = Promise.withResolvers<Settlement>();
  let given: Decision | null = null;
  const decided = observer.asked(ask, settled.promise).then((decision) => (given = decision));
  return {
    ask,
    get given() {
      return given;
    },
    decided,
    settle: settled.resolve,
  };
}

const ASK: Omit<ApprovalAsk, 'toolUseId'> = {
  kind: 'tool',
  subagent: null,
  tool: 'Bash',
  input: { command: 'ls' },
  rules: [],
};
