import type { Settlement } from '../../../core/ports/agent.ts';
import type { Prompt } from './open-prompt.ts';

/** The open prompts of one turn, and for how long anything is done about them. */
export interface PromptList {
  /** Oldest first: the newest one's dialog stands above the others'. */
  readonly open: readonly Prompt[];
  has(prompt: Prompt): boolean;
  add(prompt: Prompt): void;
  /** Once. */
  settle(prompt: Prompt, settlement: Settlement): void;
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

export function createPromptList(): PromptList {
  let open: readonly Prompt[] = [];
  const done = new Set<string>();
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
    settle(prompt, settlement) {
      if (!open.includes(prompt)) return;
      open = open.filter((other) => other !== prompt);
      done.add(prompt.ask.toolUseId);
      prompt.reply?.({});
      prompt.settled.resolve(settlement);
      wake();
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
