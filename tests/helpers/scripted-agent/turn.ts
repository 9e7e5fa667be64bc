import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Deed, ToolUse } from './script.ts';
import { useTool } from './tools.ts';
import { assistantLine, stopSummaryLine, syntheticLine, systemLine } from './transcript.ts';
import { beginOutput, type Taken, type TurnParts, type TurnState } from './turn-parts.ts';
import { never, waitForFile } from './waiting.ts';

/** One run of one turn. */
interface Run extends TurnParts {
  readonly taken: Taken;
  readonly deed: Deed;
  readonly fill: (text: string) => string;
  readonly state: TurnState;
  readonly signal: AbortSignal;
  readonly turnId: string;
  /** Of the next piece of the answer. */
  index: number;
}

/** A piece of an answer is at most so long. */
const DELTA_CHARACTERS = 64 * 1024;
const RETRY_MS = 100;

/** Carries out what the script says, to the Stop. Rejects when the signal aborts. */
export async function runTurn(parts: TurnParts, taken: Taken, state: TurnState, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const found = parts.script.find(taken.prompt);
  const deed = taken.answer === null ? found.deed : {};
  const run: Run = { ...parts, ...found, deed, taken, state, signal, turnId: randomUUID(), index: 0 };
  const answer = taken.answer ?? (await prepareAnswer(run));
  if (deed.failure === undefined) await answerTurn(run, answer);
  else await failTurn(run, deed.failure);
  finish(run, startedAt);
}

/** All that comes before the answer. */
async function prepareAnswer(run: Run): Promise<string> {
  const { deed, fill, signal, taken, state } = run;
  if (deed.exit?.when === 'after') run.crash(deed.exit.code);
  if (deed.delayMs !== undefined) await delay(deed.delayMs, undefined, { signal });
  await retry(run, deed.retry ?? 0);
  if (deed.first !== undefined) await speak(run, fill(deed.first), false);
  if (deed.lines !== undefined) await speakLines(run, deed.lines);
  const held = deed.hold === undefined ? '' : await waitForFile(fill(deed.hold), signal);
  if (deed.exit?.when === 'midway') run.crash(deed.exit.code);
  if (deed.hang === true) await never(signal);
  if (deed.ask !== undefined && !(await useTool(run, taken, fillInput(deed.ask, fill), state, signal)))
    return fill(deed.ask.denied);
  if (deed.background !== undefined) {
    if (!state.begun) beginOutput(run.view, state);
    state.task = await run.background.start(taken.promptId, signal);
  }
  return (held === '' ? fill(deed.text ?? 'echo: {prompt}') : held).repeat(deed.times ?? 1);
}

function fillInput(use: ToolUse, fill: (text: string) => string): ToolUse {
  const entries = Object.entries(use.input).map(([name, value]) => [
    name,
    typeof value === 'string' ? fill(value) : value,
  ]);
  return { ...use, input: Object.fromEntries(entries) as ToolUse['input'] };
}

async function answerTurn(run: Run, answer: string): Promise<void> {
  const { state, transcript } = run;
  await speak(run, answer, true);
  const text = state.spoken;
  state.spoken = '';
  transcript.note(assistantLine([{ type: 'text', text }]));
  if (text === '') noteEmptyAnswer(run);
  for (let time = 0; time < (run.deed.doubledStop === true ? 2 : 1); time += 1) await stop(run, text);
}

async function speakLines(run: Run, { count, everyMs }: NonNullable<Deed['lines']>): Promise<void> {
  const { taken, journal, signal } = run;
  for (let line = 1; line <= count; line += 1) {
    await delay(everyMs, undefined, { signal });
    if (line === 1) journal.note({ event: 'said', prompt: taken.prompt, promptId: taken.promptId });
    await speak(run, `line ${line}\n`, false);
  }
}

async function speak(run: Run, text: string, final: boolean): Promise<void> {
  const { state, view, taken, hooks, turnId, signal } = run;
  if (text === '') return;
  if (!state.begun) beginOutput(view, state);
  view.say(...text.split('\n').map((line, at) => (at === 0 && state.spoken === '' ? `● ${line}` : `  ${line}`)));
  for (let at = 0; at < text.length; at += DELTA_CHARACTERS) {
    const delta = text.slice(at, at + DELTA_CHARACTERS);
    state.spoken += delta;
    const last = final && at + DELTA_CHARACTERS >= text.length;
    const message = { turn_id: turnId, message_id: turnId, index: run.index, final: last, delta };
    await hooks.run('MessageDisplay', { prompt_id: taken.promptId, ...message }, signal);
    run.index += 1;
  }
}

/** An outage that the CLI rides out: the screen alone tells of it. */
async function retry({ view, state, signal }: Run, times: number): Promise<void> {
  for (let attempt = 1; attempt <= times; attempt += 1) {
    if (!state.begun) beginOutput(view, state);
    view.show({ status: `✻ API error · Retrying in 1s · attempt ${attempt}/10` });
    await delay(RETRY_MS, undefined, { signal });
  }
}

async function failTurn(run: Run, kind: string): Promise<void> {
  const { view, transcript, journal, hooks, taken, state, deed } = run;
  const text = deed.text === undefined ? `API Error: ${kind}` : run.fill(deed.text);
  if (!state.begun) beginOutput(view, state);
  view.say(`● ${text}`);
  transcript.note(syntheticLine(text, kind));
  state.spoken = '';
  journal.note({ event: 'stop', prompt: taken.prompt, promptId: taken.promptId });
  await hooks.run('StopFailure', { prompt_id: taken.promptId, error: kind, last_assistant_message: text });
}

async function stop({ hooks, transcript, journal, view, taken, background }: Run, text: string): Promise<void> {
  journal.note({ event: 'stop', prompt: taken.prompt, promptId: taken.promptId });
  const { names, errors } = await hooks.run('Stop', {
    prompt_id: taken.promptId,
    permission_mode: view.shown.mode,
    stop_hook_active: false,
    ...(text !== '' && { last_assistant_message: text }),
    background_tasks: background.running,
    session_crons: [],
  });
  if (errors.length > 0) view.say(`  ⎿  Stop hook error: ${errors.join(', ')}`);
  transcript.note(stopSummaryLine(names, errors));
}

function finish({ transcript, view, background }: Run, startedAt: number): void {
  const durationMs = Math.round(performance.now() - startedAt);
  transcript.note(systemLine('turn_duration', { durationMs, messageCount: 2 }));
  const { length } = background.running;
  view.say('', `✻ Worked for 0s${length === 0 ? '' : ` · ${length} shell still running`}`, '');
}

/** The real CLI asks the model once more, and gives up after a second empty answer. */
function noteEmptyAnswer({ transcript, taken }: Run): void {
  const content =
    '[Your previous response had no visible output. Please continue and produce a user-visible response.]';
  transcript.note({ promptId: taken.promptId, type: 'user', message: { role: 'user', content }, isMeta: true });
  transcript.note(assistantLine([{ type: 'text', text: '' }]));
}
