import type { HookRecord } from '../../src/core/model/hooks/hook.ts';
import type { HookAnswer, HookOutcome, HookQuestion, Hooks } from '../../src/core/ports/hooks/hooks.ts';

export type FakeHook = (question: HookQuestion, signal: AbortSignal) => HookOutcome | Promise<HookOutcome>;

export interface FakeHooks extends Hooks {
  /** `<hook> <prompt>`, in the order in which they were asked. */
  readonly asked: readonly string[];
  readonly questions: readonly HookQuestion[];
}

/** Hooks that the test scripts, asked in this order. */
export function createFakeHooks(
  script: Readonly<Record<string, FakeHook>>,
  more: Readonly<Record<string, Partial<HookRecord>>> = {},
): FakeHooks {
  const asked: string[] = [];
  const questions: HookQuestion[] = [];
  const records = Object.keys(script).map((name) => aHook(name, more[name]));
  return {
    asked,
    questions,
    list: () => records,
    async ask({ name }, question, signal) {
      asked.push(`${name} ${question.fields.message_text}`);
      questions.push(question);
      const hook = script[name];
      if (hook === undefined) throw new Error(`there is no hook ${name}`);
      return hook(question, signal);
    },
  };
}

export function aHook(name: string, more: Partial<HookRecord> = {}): HookRecord {
  return { name, events: ['pre_session'], failClosed: false, sources: null, workspaces: null, ...more };
}

export function says(answer: Partial<HookAnswer>): HookOutcome {
  return { kind: 'said', answer: { allow: true, reason: null, silent: false, metadata: {}, ask: null, ...answer } };
}

/** A hook that takes until it is ended. */
export function untilEnded(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
