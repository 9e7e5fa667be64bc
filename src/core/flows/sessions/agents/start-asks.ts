import type { Decision } from '../../../model/approval.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../ports/agent.ts';

type Asked = TurnObserver['asked'];

/** What an agent asks before it has started: whoever waits for the start is asked, and the next one after them. */
export interface StartAsks {
  /** A dialog stands that nobody settled. */
  readonly isOpen: boolean;
  /** Rejects while nobody waits whose approval it could be. */
  readonly asked: Asked;
  join(asked: Asked): void;
}

interface OpenAsk {
  readonly ask: ApprovalAsk;
  readonly settled: Promise<Settlement>;
  readonly decided: PromiseWithResolvers<Decision>;
}

export function createStartAsks(): StartAsks {
  const open = new Set<OpenAsk>();
  let asker: Asked | null = null;

  function put({ ask, settled, decided }: OpenAsk): void {
    asker?.(ask, settled).then(decided.resolve, decided.reject);
  }

  return {
    get isOpen() {
      return open.size > 0;
    },
    asked(ask, settled) {
      if (asker === null) return Promise.reject(new Error('Nobody waits for this start.'));
      const entry = { ask, settled, decided: Promise.withResolvers<Decision>() };
      open.add(entry);
      void settled.then(() => open.delete(entry));
      put(entry);
      return entry.decided.promise;
    },
    join(next) {
      asker = next;
      for (const entry of open) put(entry);
    },
  };
}
