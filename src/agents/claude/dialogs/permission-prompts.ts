import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { AgentFiles } from '../process/agent-files.ts';
import { subjectsOf, toHookAnswer, toKind } from './asks.ts';
import { answerAtDialog, proveStanding, untilGone } from './dialog-keys.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { isAbout, matchOf, type Menu } from '../screen/menu.ts';
import { isSameUse, promptMenu, toReturned, toSettlement, type Prompt } from './open-prompt.ts';
import type { Screen } from '../screen/screen.ts';
import type { Terminal, View } from '../screen/terminal.ts';
import { listSubagents, readToolUses, toSubagentFile, type ToolUse } from './tool-uses.ts';
import type { Place } from '../transcript/transcript.ts';

/** The permission prompts of one turn. Each is told by an agent hook, which is held open until it is decided, or is
 *  found at its dialog when no gateway listened. What the agent made of it, its transcript and its screen tell. */
export interface PermissionPrompts {
  readonly isOpen: boolean;
  /** One is open, or a dialog stands of which nobody told: the screen is worth another look soon. */
  readonly isPressing: boolean;
  /** Resolves when one comes or goes. */
  changed(): Promise<void>;
  /** A tool's begin, its end, or its wish for permission. */
  tell(payload: HookPayload, gone: AbortSignal): object | Promise<object>;
  /** Those that an earlier process was told of. */
  restore(asks: readonly ApprovalAsk[]): void;
  /** What the screen shows while the turn runs. */
  look(view: View): Promise<void>;
  /** No decision is handed over any more. Resolves when none is on its way. */
  stop(): Promise<void>;
  /** The turn is over: waits a moment for what the transcript still tells. `cancelled`: it was ended by Escape, which
   *  a dialog takes for a No that nobody said. */
  close(why: 'ended' | 'cancelled'): Promise<void>;
  /** Another process goes on with them. */
  letGo(): void;
}

export interface PromptParts {
  readonly terminal: Terminal;
  readonly files: AgentFiles;
  readonly observer: Pick<TurnObserver, 'asked'>;
  /** The conversation's file, and where this turn begins in it (bytes). */
  readonly transcript: () => Place;
  /** Of the workspace: dialogs show paths relative to it. */
  readonly cwd: string;
  readonly log: Log;
}

const LOOK_EVERY_MS = 50;
/** The transcript lags behind by up to 0.2 s: what it does not deny by then is so. */
const SURE_MS = 400;
/** A denial is in the transcript long before that; without it the tool runs. */
const UNDENIED_MS = 3_000;
/** A dialog that never appeared by then was decided before it was drawn, or stands below others. */
const UNSEEN_MS = 5_000;
const MISSES = 2;
const UNKNOWN_LOOKS = 2;
const CLOSE_MAX_MS = 1_000;

export function watchPrompts({ terminal, files, observer, transcript, cwd, log }: PromptParts): PermissionPrompts {
  /** Open ones, oldest first: the newest one's dialog stands above the others'. */
  let prompts: readonly Prompt[] = [];
  /** Told by this process and settled: never to be asked again. */
  const done = new Set<string>();
  /** Uses of tools that began and have not asked yet. */
  let begun: readonly HookPayload[] = [];
  const over = new AbortController();
  let change = Promise.withResolvers<void>();
  let unknownLooks = 0;
  let handing: Promise<void> = Promise.resolve();
  let isStopping = false;

  function wake(): void {
    change.resolve();
    change = Promise.withResolvers();
  }

  function open(ask: ApprovalAsk, place: Place, reply: Prompt['reply']): Prompt {
    const settled = Promise.withResolvers<Settlement>();
    const askedAt = performance.now();
    const fresh = { decision: null, handed: null, isSeen: false, missed: 0 };
    const prompt: Prompt = { ask, place, askedAt, settled, reply, ...fresh };
    prompts = [...prompts, prompt];
    observer.asked(ask, settled.promise).then(
      (decision) => give(prompt, decision),
      (error: unknown) => log.error({ tool: ask.tool, error: String(error) }, 'approval.not_asked'),
    );
    wake();
    return prompt;
  }

  function settle(prompt: Prompt, settlement: Settlement): void {
    if (!prompts.includes(prompt)) return;
    prompts = prompts.filter((other) => other !== prompt);
    done.add(prompt.ask.toolUseId);
    prompt.reply?.({});
    prompt.settled.resolve(settlement);
    wake();
  }

  function give(prompt: Prompt, decision: Decision): void {
    if (!prompts.includes(prompt) || isStopping) return;
    prompt.decision = decision;
    // Without a hook that waits: by keys, at the next look.
    if (prompt.reply === null) wake();
    else void handOver(prompt, decision);
  }

  /** One after the other: each looks at what the one before left on the screen. */
  function handOver(prompt: Prompt, decision: Decision): Promise<void> {
    prompt.handed = prompt.reply === null ? 'keys' : 'hook';
    handing = handing.then(() => handOverNow(prompt, decision));
    return handing;
  }

  /** While people's keys are kept away, and after those that came before were taken: who was first is certain then. */
  async function handOverNow(prompt: Prompt, decision: Decision): Promise<void> {
    const { ask, reply } = prompt;
    const subjects = subjectsOf(ask, cwd);
    const parts = { terminal, cwd, signal: over.signal };
    if (!prompts.includes(prompt)) return;
    if (isStopping) {
      prompt.handed = null;
      return;
    }
    try {
      await terminal.alone(async () => {
        const found = await proveStanding(parts, subjects);
        if (found === 'gone') {
          prompt.handed = null;
          return;
        }
        if (reply === null) await answerAtDialog(parts, ask, decision);
        else reply(toHookAnswer(ask, decision));
        prompt.reply = null;
        if (found === 'stands' && (await untilGone(parts, subjects)))
          settle(prompt, { allowed: decision.allow, by: 'decision' });
      });
      void confirm(prompt);
    } catch (error) {
      if (reply === null) prompt.handed = null;
      else void confirm(prompt);
      if (!over.signal.aborted) log.warn({ tool: ask.tool, error: String(error) }, 'approval.not_given');
    }
  }

  function placeOf(subagent: string | null): Place {
    const { file, offset } = transcript();
    return subagent === null ? { file, offset } : { file: toSubagentFile(file, subagent), offset: 0 };
  }

  async function findUse({ ask, place }: Prompt): Promise<ToolUse | null> {
    const uses = await readToolUses(files, place);
    const use = uses.find(({ id }) => id === ask.toolUseId);
    return use === undefined || (use.byHook === null && use.result === null) ? null : use;
  }

  async function settleByTranscript(prompt: Prompt): Promise<boolean> {
    const use = await findUse(prompt);
    if (use !== null) settle(prompt, toSettlement(prompt, use));
    return use !== null;
  }

  /** After the decision was handed over: who was first, it or a person at the dialog? */
  async function confirm(prompt: Prompt): Promise<void> {
    const handedAt = performance.now();
    while (prompts.includes(prompt) && !over.signal.aborted && !isStopping) {
      if (await settleByTranscript(prompt)) return;
      const sinceMs = performance.now() - handedAt;
      if (sinceMs >= SURE_MS) {
        const view = await terminal.look().catch(() => null);
        if (view !== null) confirmByScreen(prompt, view.screen, sinceMs);
      }
      if (prompt.handed === null) return; // the keys are confirmed on their own
      await delay(LOOK_EVERY_MS);
    }
  }

  function confirmByScreen(prompt: Prompt, screen: Screen, sinceMs: number): void {
    const menu = promptMenu(screen);
    const stands = menu !== null && isAbout(menu, subjectsOf(prompt.ask, cwd));
    const goesOn = screen.kind === 'working' || (menu !== null && !stands);
    if (prompt.decision?.allow === true && goesOn) settle(prompt, { allowed: true, by: 'decision' });
    else if (sinceMs < UNDENIED_MS) return;
    else if (goesOn) settle(prompt, { allowed: true, by: 'terminal' });
    // The answer was lost on its way: keys are left.
    else if (stands) prompt.handed = null;
  }

  async function look({ screen }: View): Promise<void> {
    const menu = promptMenu(screen);
    const top = menu === null ? undefined : findTop(menu);
    const place = top === undefined ? -1 : prompts.indexOf(top);
    for (const [index, prompt] of prompts.entries()) {
      if (prompt === top) await attend(prompt);
      else if (!(await settleByTranscript(prompt)) && prompt.handed === null)
        miss(prompt, screen.kind === 'working' || (place >= 0 && index > place));
    }
    unknownLooks = menu !== null && top === undefined ? unknownLooks + 1 : 0;
    if (menu !== null && unknownLooks >= UNKNOWN_LOOKS) await adopt(menu);
  }

  /** The one whose words the dialog shows best; of several the newest, which stands above the others. */
  function findTop(menu: Menu): Prompt | undefined {
    const rated = prompts.map((prompt) => ({ prompt, match: matchOf(menu, subjectsOf(prompt.ask, cwd)) }));
    const best = Math.max(1, ...rated.map(({ match }) => match));
    return rated.findLast(({ match }) => match === best)?.prompt;
  }

  async function attend(prompt: Prompt): Promise<void> {
    prompt.isSeen = true;
    prompt.missed = 0;
    const { decision, handed } = prompt;
    if (decision !== null && handed === null) await handOver(prompt, decision);
  }

  /** Gone without a trace: a person allowed it, and the tool still runs. A No would stand in the transcript. */
  function miss(prompt: Prompt, isGone: boolean): void {
    const isDue = prompt.isSeen || performance.now() - prompt.askedAt > UNSEEN_MS;
    prompt.missed = isGone && isDue ? prompt.missed + 1 : 0;
    if (prompt.missed >= MISSES) settle(prompt, { allowed: true, by: 'terminal' });
  }

  /** A dialog that nobody told of: the agent asked while no gateway listened. */
  async function adopt(menu: Menu): Promise<void> {
    for (const subagent of [null, ...(await listSubagents(files, transcript().file))]) {
      const place = placeOf(subagent);
      for (const { id: toolUseId, tool, input, result } of await readToolUses(files, place)) {
        if (tool === null || result !== null || done.has(toolUseId)) continue;
        const ask: ApprovalAsk = { kind: toKind(tool), toolUseId, subagent, tool, input, rules: [] };
        if (isAbout(menu, subjectsOf(ask, cwd))) return void open(ask, place, null);
      }
    }
  }

  async function onRequest(payload: HookPayload, gone: AbortSignal): Promise<object> {
    // Before anything is waited for: the first of two equal ones asks first.
    const use = begun.find((other) => isSameUse(other, payload));
    begun = begun.filter((other) => other !== use);
    const { file } = placeOf(payload.agent_id);
    const place = { file, offset: (await files.sizeOf(file)) ?? 0 };
    const tool = payload.tool_name ?? 'unknown';
    const answer = Promise.withResolvers<object>();
    const prompt = open(
      {
        kind: toKind(tool),
        toolUseId: use?.tool_use_id ?? `unnamed-${randomUUID()}`,
        subagent: payload.agent_id,
        tool,
        input: payload.tool_input,
        rules: payload.permission_suggestions,
      },
      place,
      answer.resolve,
    );
    const hangUp = (): void => {
      if (prompt.handed === null) prompt.reply = null;
      wake();
    };
    if (gone.aborted) hangUp();
    else gone.addEventListener('abort', hangUp, { once: true });
    return answer.promise;
  }

  function tell(payload: HookPayload, gone: AbortSignal): object | Promise<object> {
    const { hook_event_name: event, tool_use_id: id } = payload;
    if (event === 'PermissionRequest') return onRequest(payload, gone);
    if (event === 'PreToolUse') begun = [...begun, payload];
    else {
      begun = begun.filter((other) => other.tool_use_id !== id);
      const prompt = prompts.find(({ ask }) => ask.toolUseId === id);
      if (prompt !== undefined) settle(prompt, toReturned(prompt));
    }
    return {};
  }

  return {
    get isOpen() {
      return prompts.length > 0;
    },
    get isPressing() {
      return prompts.length > 0 || unknownLooks > 0;
    },
    changed: () => change.promise,
    tell,
    restore(asks) {
      for (const ask of asks) open(ask, placeOf(ask.subagent), null);
    },
    look,
    stop() {
      isStopping = true;
      return handing;
    },
    async close(why) {
      const until = performance.now() + CLOSE_MAX_MS;
      let left = prompts;
      while (left.length > 0 && performance.now() < until) {
        for (const prompt of left) {
          const use = await findUse(prompt);
          if (use === null) continue;
          left = left.filter((other) => other !== prompt);
          const isByEscape = why === 'cancelled' && use.byHook === null && use.result === 'rejected';
          if (!isByEscape) settle(prompt, toSettlement(prompt, use));
          else if (prompt.handed !== null && prompt.decision !== null)
            settle(prompt, { allowed: prompt.decision.allow, by: 'decision' });
        }
        if (left.length > 0) await delay(LOOK_EVERY_MS);
      }
      over.abort();
      // What was handed over, and of which nothing more is heard, was taken as far as anybody can tell.
      for (const prompt of prompts) {
        if (prompt.handed !== null && prompt.decision !== null)
          settle(prompt, { allowed: prompt.decision.allow, by: 'decision' });
      }
      for (const { reply } of prompts) reply?.({});
    },
    letGo: () => over.abort(),
  };
}
