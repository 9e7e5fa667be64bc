import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentHooks } from './agent-hooks.ts';
import { permissionDialog, type Choice } from './dialogs.ts';
import type { Journal } from './journal.ts';
import type { Deed, Question, Script } from './script.ts';
import type { Launch } from './launch.ts';
import {
  assistantLine,
  stopSummaryLine,
  syntheticLine,
  systemLine,
  toolResultLine,
  type Transcript,
} from './transcript.ts';
import type { View } from './view.ts';

export interface TurnParts {
  readonly launch: Launch;
  readonly hooks: AgentHooks;
  readonly transcript: Transcript;
  readonly journal: Journal;
  readonly script: Script;
  readonly view: View;
  /** Ends the program without a further word. */
  readonly crash: (code: number) => never;
}

/** A prompt that was taken. */
export interface Taken {
  readonly prompt: string;
  readonly promptId: string;
  /** What is said whatever the script says. */
  readonly answer: string | null;
}

/** How far a turn got; an interrupt looks at it. */
export interface TurnState {
  /** Said and not yet noted as an answer. */
  spoken: string;
  /** Something of it stands on the screen, so an interrupt comes late. */
  begun: boolean;
  /** The person said No at the dialog. */
  refused: boolean;
  /** The work that goes on behind the end, if any. */
  background: Deed['background'] | undefined;
}

/** A delta is at most so long. */
const DELTA_CHARACTERS = 64 * 1024;
const RETRY_MS = 100;

/** Carries out what the script says, to the Stop. Rejects when the signal aborts. */
export async function runTurn(parts: TurnParts, taken: Taken, state: TurnState, signal: AbortSignal): Promise<void> {
  const { transcript, view, hooks, launch } = parts;
  const { deed, fill } = parts.script.find(taken.prompt);
  const startedAt = performance.now();
  const turnId = randomUUID();
  const fields = { prompt_id: taken.promptId, permission_mode: launch.permissionMode };
  let index = 0;

  async function speak(text: string, final: boolean): Promise<void> {
    if (text === '') return;
    if (!state.begun) beginOutput(view, state);
    view.say(...text.split('\n').map((line, at) => (at === 0 && state.spoken === '' ? `● ${line}` : `  ${line}`)));
    for (let at = 0; at < text.length; at += DELTA_CHARACTERS) {
      const delta = text.slice(at, at + DELTA_CHARACTERS);
      state.spoken += delta;
      const last = final && at + DELTA_CHARACTERS >= text.length;
      const message = { turn_id: turnId, message_id: turnId, index, final: last, delta };
      await hooks.run('MessageDisplay', { ...fields, ...message }, signal);
      index += 1;
    }
  }

  if (deed.exit?.when === 'after') parts.crash(deed.exit.code);
  if (deed.delayMs !== undefined) await delay(deed.delayMs, undefined, { signal });
  await retry(parts, deed.retry ?? 0, state, signal);
  if (deed.first !== undefined) await speak(fill(deed.first), false);
  const held = deed.hold === undefined ? '' : await waitForFile(fill(deed.hold), signal);
  if (deed.hang === true) await never(signal);
  const denied = deed.ask === undefined ? null : await ask(parts, taken, deed.ask, state, signal);
  if (deed.failure !== undefined && taken.answer === null) return fail(parts, taken, deed.failure, state, startedAt);

  const scripted = (held === '' ? fill(deed.text ?? 'echo: {prompt}') : held).repeat(deed.times ?? 1);
  await speak(taken.answer ?? denied ?? scripted, true);
  const text = state.spoken;
  state.spoken = '';
  transcript.note(assistantLine([{ type: 'text', text }]));
  if (text === '') noteEmptyAnswer(parts, taken);
  state.background = taken.answer === null ? deed.background : undefined;
  await stop(parts, taken, text, state, deed.doubledStop === true ? 2 : 1);
  finish(parts, startedAt);
}

export function beginOutput(view: View, state: TurnState): void {
  state.begun = true;
  view.say(...view.shown.head, '');
  view.show({ head: [] });
}

async function retry(parts: TurnParts, times: number, state: TurnState, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= times; attempt += 1) {
    if (!state.begun) beginOutput(parts.view, state);
    const error = { type: 'overloaded_error', status: 529 };
    const about = { level: 'error', error, retryInMs: RETRY_MS, retryAttempt: attempt, maxRetries: 10 };
    parts.transcript.note(systemLine('api_error', about));
    parts.view.show({ status: `✻ API error · Retrying in 1s · attempt ${attempt}/10` });
    await delay(RETRY_MS, undefined, { signal });
  }
}

/** Asks for permission, by the hook and at the dialog at once. Resolves with what to say after a denial; null: allowed. */
async function ask(
  parts: TurnParts,
  taken: Taken,
  question: Question,
  state: TurnState,
  signal: AbortSignal,
): Promise<string | null> {
  const { hooks, view, transcript } = parts;
  const id = `toolu_${randomUUID()}`;
  const tool = { prompt_id: taken.promptId, tool_name: question.tool, tool_input: question.input };
  await hooks.run('PreToolUse', { ...tool, tool_use_id: id }, signal);
  transcript.note(assistantLine([{ type: 'tool_use', id, name: question.tool, input: question.input }], 'tool_use'));
  if (!state.begun) beginOutput(view, state);
  view.say(`● ${question.tool}(${Object.values(question.input).join(', ')})`);

  const decided = new AbortController();
  const either = AbortSignal.any([decided.signal, signal]);
  const atDialog = new Promise<Choice>((resolve) => {
    view.show({ dialog: permissionDialog(question, () => view.show({}), resolve) });
  });
  const byHook = hooks.run('PermissionRequest', { ...tool, permission_suggestions: [] }, either).then(({ answer }) => {
    const decision = answer.hookSpecificOutput?.decision;
    return decision?.behavior === undefined ? never(either) : decision;
  });
  byHook.catch(() => {});
  try {
    const decision = await Promise.race([byHook, atDialog, never(signal)]);
    const allowed = decision === 'yes' || (decision !== 'no' && decision.behavior === 'allow');
    if (decision === 'no') {
      state.refused = true;
      transcript.note(toolResultLine(taken.promptId, id, 'User rejected tool use', true));
      view.say('  ⎿  User rejected it');
      throw new DOMException('refused', 'AbortError');
    }
    const message = decision === 'yes' ? '' : (decision.message ?? 'denied');
    transcript.note(toolResultLine(taken.promptId, id, allowed ? 'done' : message, !allowed));
    view.say(allowed ? '  ⎿  Allowed' : `  ⎿  Error: ${message}`);
    if (allowed) await hooks.run('PostToolUse', { ...tool, tool_use_id: id, tool_response: 'done' }, signal);
    return allowed ? null : question.denied;
  } finally {
    decided.abort();
    view.show({ dialog: null });
  }
}

async function fail(parts: TurnParts, taken: Taken, kind: string, state: TurnState, startedAt: number): Promise<void> {
  const text = `API Error: ${kind}`;
  if (!state.begun) beginOutput(parts.view, state);
  parts.view.say(`● ${text}`);
  parts.transcript.note(syntheticLine(text, kind));
  parts.journal.note({ event: 'stop', sessionId: parts.launch.sessionId, ...named(taken) });
  await parts.hooks.run('StopFailure', { prompt_id: taken.promptId, error: kind, last_assistant_message: text });
  finish(parts, startedAt);
}

async function stop(parts: TurnParts, taken: Taken, text: string, state: TurnState, times: number): Promise<void> {
  const { hooks, transcript, journal, launch, view } = parts;
  const task = { id: 'task-1', type: 'shell', status: 'running', description: 'a task', command: 'wait' };
  const payload = {
    prompt_id: taken.promptId,
    permission_mode: launch.permissionMode,
    stop_hook_active: false,
    ...(text !== '' && { last_assistant_message: text }),
    background_tasks: state.background === undefined ? [] : [task],
    session_crons: [],
  };
  for (let time = 0; time < times; time += 1) {
    journal.note({ event: 'stop', sessionId: launch.sessionId, ...named(taken) });
    const { names, errors } = await hooks.run('Stop', payload);
    if (errors.length > 0) view.say(`  ⎿  Stop hook error: ${errors.join(', ')}`);
    transcript.note(stopSummaryLine(names, errors));
  }
}

function finish(parts: TurnParts, startedAt: number): void {
  const durationMs = Math.round(performance.now() - startedAt);
  parts.transcript.note(systemLine('turn_duration', { durationMs, messageCount: 2 }));
  parts.view.say('', '✻ Worked for 0s', '');
}

/** The real CLI asks the model once more, and gives up after a second empty answer. */
function noteEmptyAnswer(parts: TurnParts, taken: Taken): void {
  const content =
    '[Your previous response had no visible output. Please continue and produce a user-visible response.]';
  const again = { promptId: taken.promptId, type: 'user', message: { role: 'user', content }, isMeta: true };
  parts.transcript.note(again);
  parts.transcript.note(assistantLine([{ type: 'text', text: '' }]));
}

function named({ prompt, promptId }: Taken): { readonly prompt: string; readonly promptId: string } {
  return { prompt, promptId };
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = (): void => reject(new DOMException('interrupted', 'AbortError'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

async function waitForFile(file: string, signal: AbortSignal): Promise<string> {
  mkdirSync(path.dirname(file), { recursive: true });
  const appeared = Promise.withResolvers<void>();
  const watcher = watch(path.dirname(file), () => {
    if (existsSync(file)) appeared.resolve();
  });
  try {
    if (!existsSync(file)) await Promise.race([appeared.promise, never(signal)]);
    return readFileSync(file, 'utf8');
  } finally {
    watcher.close();
  }
}
