import type { AgentRule } from '../../../core/model/approval.ts';
import type { ApprovalAsk, EarlierAsk, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Menu } from '../screen/menu.ts';
import type { Terminal, View } from '../screen/terminal.ts';
import { placeOfUses } from '../transcript/tool-uses.ts';
import type { Place } from '../transcript/entries.ts';
import { closePrompts, type CloseReason } from './close-prompts.ts';
import { confirm } from './confirm.ts';
import { createDialogLook } from './dialog-look.ts';
import { hearForms } from './form-hooks.ts';
import { createHandOver } from './hand-over.ts';
import { toPrompt, type Prompt } from './open-prompt.ts';
import { createPromptList } from './prompt-list.ts';
import { hearTools } from './tool-hooks.ts';
import { attribute } from './settlement.ts';
import { findUntold } from './untold-dialog.ts';

/** The permission prompts of one turn. Each is told by an agent hook, which is held open until it is decided, or is
 *  found at its dialog when no gateway listened. What the agent made of it, its transcript and its screen tell. */
export interface PermissionPrompts {
  readonly isOpen: boolean;
  /** One is open, or a dialog stands of which nobody told: the screen is worth another look soon. */
  readonly isPressing: boolean;
  /** Resolves when one comes or goes. */
  changed(): Promise<void>;
  /** A tool's begin, its end, or its wish for permission; the form of an MCP server, and its result. */
  tell(payload: HookPayload, gone: AbortSignal): object | Promise<object>;
  /** Those that an earlier process was told of. */
  restore(asks: readonly EarlierAsk[]): void;
  /** What the screen shows while the turn runs. */
  look(view: View): Promise<void>;
  /** No decision is handed over any more. Resolves when none is on its way. */
  stop(): Promise<void>;
  /** The turn is over: waits a moment for what the transcript still tells. */
  close(why: CloseReason): Promise<void>;
  /** Another process goes on with them. */
  letGo(): void;
}

export interface PromptParts {
  readonly terminal: Terminal;
  readonly files: AgentFiles;
  readonly observer: Pick<TurnObserver, 'asked'>;
  /** The conversation's file, and where this turn begins in it (bytes). */
  readonly transcript: () => Place;
  /** When the turn began (epoch milliseconds). */
  readonly begunAt: number;
  /** Of the workspace: dialogs show paths relative to it. */
  readonly cwd: string;
  readonly log: Log;
  /** These were allowed for the rest of the session. */
  readonly remembered: (rules: readonly AgentRule[]) => void;
}

export function watchPrompts(parts: PromptParts): PermissionPrompts {
  const { terminal, files, observer, cwd, log } = parts;
  const list = createPromptList((prompt, outcome) => attribute(terminal, prompt, outcome));
  const placeOf = (subagent: string | null): Place => placeOfUses(parts.transcript(), subagent);
  const prove = (prompt: Prompt): Promise<void> => confirm({ list, files, terminal, cwd }, prompt);
  const handing = createHandOver({ list, terminal, cwd, log, confirm: prove });

  function open(ask: ApprovalAsk, place: Place, since: number, reply: Prompt['reply']): Prompt {
    const prompt = toPrompt(ask, place, since, reply);
    list.add(prompt);
    void followMemory(prompt, parts.remembered);
    observer.asked(ask, prompt.settled.promise).then(
      (decision) => handing.give(prompt, decision),
      (error: unknown) => log.error({ tool: ask.tool, error: String(error) }, 'approval.not_asked'),
    );
    return prompt;
  }

  async function adopt(menu: Menu): Promise<void> {
    const found = await findUntold(menu, { files, placeOf, cwd, isDone: (id) => list.isDone(id) });
    if (found !== null) open(found.ask, found.place, parts.begunAt, null);
  }

  const dialogs = createDialogLook({
    list,
    files,
    cwd,
    handOver: (prompt, decision) => handing.handOver(prompt, decision),
    adopt,
  });

  const hearTool = hearTools({ list, files, placeOf, open });
  const hearForm = hearForms({ list, open: (ask) => void open(ask, placeOf(ask.subagent), Date.now(), null) });

  return {
    get isOpen() {
      return list.open.length > 0;
    },
    get isPressing() {
      return list.open.length > 0 || dialogs.seesUnknown;
    },
    changed: () => list.changed(),
    tell: (payload, gone) =>
      payload.hook_event_name.startsWith('Elicitation') ? hearForm(payload) : hearTool(payload, gone),
    restore(asks) {
      for (const { createdAt, ...ask } of asks) open(ask, placeOf(ask.subagent), createdAt, null);
    },
    look: (view) => dialogs.look(view),
    stop() {
      list.stop();
      return handing.done();
    },
    close: (why) => closePrompts(list, files, why),
    letGo: () => list.end(),
  };
}

async function followMemory(prompt: Prompt, remembered: PromptParts['remembered']): Promise<void> {
  const { allowed, by } = await prompt.settled.promise;
  if (allowed && by === 'decision' && prompt.decision?.remember === true) remembered(prompt.ask.rules);
}
