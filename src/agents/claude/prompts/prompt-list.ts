import type { Settlement } from '../../../core/ports/agent.ts';
import type { Prompt } from './open-prompt.ts';
import type { Outcome } from './settlement.ts';

/** The open prompts of one turn, and for how long anything is done about them. */
export interface PromptList {
  /** Oldest first: the newest one's dialog stands above the others'. */
  readonly open: readonly Prompt[];
  has(prompt: Prompt): boolean;
  add(prompt: Prompt): void;
  /** Once. */
  settle(prompt: Prompt, outcome: Outcome): void;
  /** Resolves when those that are settled by now have been told. */
  told(): Promise<void>;
  /** Told by this process and settled: never to be asked again. */
  isDone(toolUseId: string): boolean;
  /** Resolves when one comes or goes, or there is something to do. */
  changed(): Promise<void>;
  wake(): void;
  /** No decision is handed over any more. */
  readonly isStopping: boolean;
  stop(): void;
  /** Aborts when the turn is over, or another process goes on with them. */
  readonly over: AbortSignal;
  end(): void;
}

/** `attribute`: finds out by whom. */
export function createPromptList(attribute: (prompt: Prompt, outcome: Outcome) => Promise<Settlement>): PromptList {
  let open: readonly Prompt[] = [];
  const done = new Set<string>();
  const tellings = new Set<Promise<void>>();
  let change = Promise.withResolvers<void>();
  let isStopping = false;
  const over = new AbortController();

  function wake(): void {
    change.resolve();
    change = Promise.withResolvers();
  }

  return {
    get open() {
      return open;
    },
    has: (prompt) => open.includes(prompt),
    add(prompt) {
      open = [...open, prompt];
      wake();
    },
    settle(prompt, outcome) {
      if (!open.includes(prompt)) return;
      open = open.filter((other) => other !== prompt);
      done.add(prompt.ask.toolUseId);
      prompt.reply?.({});
      const telling = attribute(prompt, outcome).then(prompt.settled.resolve, prompt.settled.reject);
      tellings.add(telling);
      void telling.then(() => tellings.delete(telling));
      wake();
    },
    async told() {
      await Promise.all(tellings);
    },
    isDone: (toolUseId) => done.has(toolUseId),
    changed: () => change.promise,
    wake,
    get isStopping() {
      return isStopping;
    },
    stop: () => void (isStopping = true),
    over: over.signal,
    end: () => over.abort(),
  };
}
