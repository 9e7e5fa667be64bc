import { readFileSync } from 'node:fs';

/** What the scripted agent does with a prompt. All parts are optional and happen in the order in which they stand
 *  here. Texts may hold `{prompt}` and the match's groups as `{1}`. */
export interface Deed {
  /** So many presses of Enter on this text do nothing. */
  readonly swallowEnter?: number;
  /** Ends the program with this code, before or after the prompt is reported (and written to the journal), or
   *  `midway`: behind `first` and `hold`. */
  readonly exit?: { readonly code: number; readonly when: 'before' | 'after' | 'midway' };
  /** The transcript gets the prompt so much later than usual, so that it stands behind its answer: the real CLI does
   *  that at times. */
  readonly promptLagMs?: number;
  /** Escape does not interrupt this turn. */
  readonly ignoreEsc?: boolean;
  readonly delayMs?: number;
  /** The model cannot be asked so many times, each 100 ms apart. */
  readonly retry?: number;
  /** Said before the rest, so that an interrupt comes late. */
  readonly first?: string;
  /** Said next, a line at a time: `line 1`, `line 2` … */
  readonly lines?: { readonly count: number; readonly everyMs: number };
  /** Waits until this file exists; what stands in it becomes the answer, if anything does. */
  readonly hold?: string;
  readonly hang?: boolean;
  readonly ask?: ToolUse;
  /** Ends the turn with a StopFailure of this kind (`rate_limit`, `authentication_failed` …); `text` is its message. */
  readonly failure?: string;
  /** The answer; `echo: {prompt}` when there is none. */
  readonly text?: string;
  /** The answer is repeated so often. */
  readonly times?: number;
  /** Stop tells of work in the background; so many milliseconds later that work wakes the agent again. */
  readonly background?: { readonly ms: number; readonly text: string };
  /** Stop is told twice. */
  readonly doubledStop?: boolean;
}

/** A tool that wants permission; `AskUserQuestion` asks the person the first question of its input. */
export interface ToolUse {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The answer after a denial; the rest of the deed follows a permission. */
  readonly denied: string;
}

export interface Rule {
  /** A regular expression. */
  readonly match: string;
  readonly do: Deed;
}

export interface Script {
  /** The first rule that matches; the default one when none does. */
  find(prompt: string): { readonly deed: Deed; fill(text: string): string };
}

export function readScript(file: string | null): Script {
  const rules = file === null ? [] : (JSON.parse(readFileSync(file, 'utf8')) as readonly Rule[]);
  return {
    find(prompt) {
      for (const rule of rules) {
        const found = new RegExp(rule.match, 's').exec(prompt);
        if (found !== null) return { deed: rule.do, fill: (text) => fill(text, prompt, found) };
      }
      return { deed: {}, fill: (text) => fill(text, prompt, [prompt]) };
    },
  };
}

function fill(text: string, prompt: string, groups: readonly string[]): string {
  return text.replaceAll(/\{(prompt|\d)\}/g, (_all, name: string) =>
    name === 'prompt' ? prompt : (groups[Number(name)] ?? ''),
  );
}
