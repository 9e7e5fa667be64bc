import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createAgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { watchPrompts, type PermissionPrompts } from '../../../../../src/agents/claude/prompts/permission-prompts.ts';
import type { View } from '../../../../../src/agents/claude/screen/terminal.ts';
import { toSubagentFile } from '../../../../../src/agents/claude/transcript/tool-uses.ts';
import type { AgentRule, Decision } from '../../../../../src/core/model/approval.ts';
import type { ApprovalAsk, EarlierAsk, Settlement } from '../../../../../src/core/ports/agent.ts';
import {
  createScriptedScreen,
  working,
  type React,
  type ScriptedScreen,
  type Shown,
} from '../../../../helpers/scripted-screen.ts';
import { bashDialog, viewOf } from '../../../../helpers/claude-dialogs.ts';
import { assistantLine, toolResultLine } from '../../../../helpers/scripted-agent/transcript.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

/** The prompts of one turn, before a scripted screen and a real transcript. */
export interface PromptsRig extends Disposable {
  readonly prompts: PermissionPrompts;
  readonly terminal: ScriptedScreen;
  /** What was asked, in its order. */
  readonly asked: readonly Asked[];
  readonly logged: readonly string[];
  /** What was allowed for the rest of the session. */
  readonly remembered: readonly AgentRule[];
  /** Lines of the transcript, or of that of a subagent. */
  note(lines: readonly object[], subagent?: string): void;
  /** The agent begins to use a tool. */
  begin(id: string, input?: object, more?: object): void;
  /** Its agent hook asks for a permission. */
  request(input?: object, more?: object): Requested;
  tell(event: string, fields: object): object;
  /** Decides, and waits until that has arrived. */
  decide(asked: Asked, decision: Decision): Promise<void>;
  /** Looks at each, one after the other. */
  look(...views: readonly View[]): Promise<void>;
}

export interface Asked {
  readonly ask: ApprovalAsk;
  readonly decide: (decision: Decision) => void;
  readonly settled: Promise<Settlement>;
  /** Null while it is open. */
  readonly settlement: Settlement | null;
}

export interface Requested {
  readonly answer: Promise<object>;
  /** Its connection breaks. */
  readonly hangUp: () => void;
}

export const COMMAND = { command: 'touch two.txt' };
const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected.";

export const used = (id: string, input: object = COMMAND, name = 'Bash'): object =>
  assistantLine([{ type: 'tool_use', id, name, input }]);
export const returned = (id: string): object => toolResultLine('p1', id, 'done', false);
export const rejected = (id: string): object => toolResultLine('p1', id, REJECTED, true);

export function openPromptsRig(react: React = () => {}, refuse: Error | null = null): PromptsRig {
  const folder = createTempFolder();
  const file = path.join(folder.path, 's1.jsonl');
  const asked: Asked[] = [];
  const remembered: AgentRule[] = [];
  const logged: string[] = [];
  const write = (_: unknown, event: string): void => void logged.push(event);
  const terminal = createScriptedScreen([working()], react);
  const prompts = watchPrompts({
    terminal,
    files: createAgentFiles({ home: folder.path, settings: folder.path }),
    observer: {
      asked(ask, settled) {
        if (refuse !== null) return Promise.reject(refuse);
        const entry = createAsked(ask, settled);
        asked.push(entry.asked);
        return entry.decided;
      },
    },
    transcript: () => ({ file, offset: 0 }),
    begunAt: Date.now(),
    cwd: '/work',
    log: { debug: write, info: write, warn: write, error: write },
    remembered: (rules) => void remembered.push(...rules),
  });
  const tell = (event: string, fields: object, gone = new AbortController().signal) =>
    prompts.tell(parseHookPayload({ hook_event_name: event, session_id: 's1', ...fields }), gone);
  return {
    prompts,
    terminal,
    asked,
    logged,
    remembered,
    note(lines, subagent) {
      const place = subagent === undefined ? file : toSubagentFile(file, subagent);
      mkdirSync(path.dirname(place), { recursive: true });
      appendFileSync(place, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
    begin(id, input = COMMAND, more = {}) {
      void tell('PreToolUse', { tool_name: 'Bash', tool_use_id: id, tool_input: input, ...more });
    },
    request(input = COMMAND, more = {}) {
      const gone = new AbortController();
      const answer = tell('PermissionRequest', { tool_name: 'Bash', tool_input: input, ...more }, gone.signal);
      return { answer: Promise.resolve(answer), hangUp: () => gone.abort() };
    },
    tell,
    async decide(one, decision) {
      const changed = prompts.changed();
      one.decide(decision);
      await changed;
    },
    async look(...views) {
      for (const view of views) {
        terminal.shows(view);
        await prompts.look(view);
      }
    },
    [Symbol.dispose]() {
      prompts.letGo();
      folder[Symbol.dispose]();
    },
  };
}

function createAsked(ask: ApprovalAsk, settled: Promise<Settlement>) {
  const decided = Promise.withResolvers<Decision>();
  let settlement: Settlement | null = null;
  void settled.then((told) => (settlement = told));
  const asked: Asked = {
    ask,
    decide: decided.resolve,
    settled,
    get settlement() {
      return settlement;
    },
  };
  return { asked, decided: decided.promise };
}

export const ALLOW: Decision = { allow: true, message: null, remember: false, answers: null, mode: null };
export const DENY: Decision = { ...ALLOW, allow: false, message: 'not this one' };
export const OTHER = { command: 'touch three.txt' };
export const ASK: ApprovalAsk = {
  kind: 'tool',
  toolUseId: 'u1',
  subagent: null,
  tool: 'Bash',
  input: COMMAND,
  rules: [],
};
/** The same, as an earlier process was told of it. */
export const EARLIER: EarlierAsk = { ...ASK, createdAt: Date.now() };
export const twoTxt = viewOf(bashDialog('touch two.txt'));
export const threeTxt = viewOf(bashDialog('touch three.txt'));
export const byDecision = (allowed: boolean): Settlement => ({ allowed, by: 'decision' });
export const byTerminal = (allowed: boolean): Settlement => ({ allowed, by: 'terminal' });
export const byAgent = (allowed: boolean): Settlement => ({ allowed, by: 'agent' });

/** A dialog that takes keys: arrows move its mark, Enter ends it. `shown`: how each look is shown. */
export function takesKeys(command: string, shown: (view: View) => Shown = (view) => view): React {
  let marked = 0;
  return (act, screen) => {
    if (act === 'Down') marked += 1;
    if (act === 'Up') marked -= 1;
    screen.shows(act === 'Enter' ? working() : shown(viewOf(bashDialog(command, marked))));
  };
}

/** The keys that allow it: the first proves that all before it were taken. */
export const ALLOWED = ['Down', 'Up', 'Enter'];

export function at(rig: PromptsRig, index = 0): Asked {
  const found = rig.asked[index];
  if (found === undefined) throw new Error(`nothing was asked: ${index}`);
  return found;
}

/** One of which its agent hook waits. `u1` is noted as begun. */
export async function openAsked(rig: PromptsRig) {
  rig.note([used('u1')]);
  rig.begin('u1');
  const requested = rig.request();
  await until(() => rig.asked.length === 1);
  return { ...requested, asked: at(rig) };
}
