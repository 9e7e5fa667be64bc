import type { Decision } from '../../../core/model/approval.ts';
import type { Log } from '../../../core/ports/log.ts';
import { answerAtDialog } from '../dialogs/answer-dialog.ts';
import { subjectsOf, toHookAnswer } from '../dialogs/asks.ts';
import { proveStanding, untilGone } from '../dialogs/standing-dialog.ts';
import type { Terminal } from '../screen/terminal.ts';
import type { Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';

export interface HandOverParts {
  readonly list: PromptList;
  readonly terminal: Terminal;
  /** Of the workspace. */
  readonly cwd: string;
  readonly log: Log;
  /** Finds out whether it or a person at the dialog was first. */
  readonly confirm: (prompt: Prompt) => Promise<void>;
}

/** Hands decisions over to the agent, one after the other: each looks at what the one before left on the screen. */
export interface HandOver {
  /** A decision was made: to its hook, or by keys at the next look. */
  give(prompt: Prompt, decision: Decision): void;
  /** Resolves when this one has been handed over, or could not be. */
  handOver(prompt: Prompt, decision: Decision): Promise<void>;
  /** Resolves when none is on its way. */
  done(): Promise<void>;
}

export function createHandOver(parts: HandOverParts): HandOver {
  const { list } = parts;
  let handing: Promise<void> = Promise.resolve();

  function handOver(prompt: Prompt, decision: Decision): Promise<void> {
    prompt.handed = prompt.reply === null ? 'keys' : 'hook';
    handing = handing.then(() => handOverNow(parts, prompt, decision));
    return handing;
  }

  return {
    give(prompt, decision) {
      if (!list.has(prompt) || list.isStopping) return;
      prompt.decision = decision;
      if (prompt.reply === null) list.wake();
      else void handOver(prompt, decision);
    },
    handOver,
    done: () => handing,
  };
}

/** While people's keys are kept away, and after those that came before were taken: who was first is certain then. */
async function handOverNow(parts: HandOverParts, prompt: Prompt, decision: Decision): Promise<void> {
  const { list, terminal, cwd, log, confirm } = parts;
  const { ask, reply } = prompt;
  const subjects = subjectsOf(ask, cwd);
  const dialog = { terminal, cwd, signal: list.over };
  if (!list.has(prompt)) return;
  if (list.isStopping) {
    prompt.handed = null;
    return;
  }
  try {
    await terminal.alone(async () => {
      const found = await proveStanding(dialog, subjects);
      if (found === 'gone') {
        prompt.handed = null;
        return;
      }
      if (reply === null) await answerAtDialog(dialog, ask, decision);
      else reply(toHookAnswer(ask, decision));
      prompt.reply = null;
      if (found === 'stands' && (await untilGone(dialog, subjects)))
        list.settle(prompt, { allowed: decision.allow, by: 'decision' });
    });
    void confirm(prompt);
  } catch (error) {
    if (reply === null) prompt.handed = null;
    else void confirm(prompt);
    if (!list.over.aborted) log.warn({ tool: ask.tool, error: String(error) }, 'approval.not_given');
  }
}
