import { randomUUID } from 'node:crypto';
import { interruptedLine, syntheticLine, systemLine, userLine } from './transcript.ts';
import { runTurn } from './turn.ts';
import { beginOutput, type Taken, type TurnParts, type TurnState } from './turn-parts.ts';
import { promptLines } from './view.ts';

/** Takes what is submitted, and runs it turn by turn. */
export interface Prompts {
  submit(text: string): void;
  /** False when no turn runs. */
  interrupt(): boolean;
}

export interface PromptsParts extends TurnParts {
  /** Puts a prompt back into the composer. */
  readonly restore: (text: string) => void;
}

/** `system`: told by work in the background, not by a person. */
type Source = 'typed' | 'queued' | 'system';
interface Waiting {
  readonly text: string;
  readonly source: Source;
  readonly answer: string | null;
}

interface Running {
  readonly stop: AbortController;
  readonly text: string;
  promptId: string;
}

export function createPrompts(parts: PromptsParts): Prompts {
  const { view, transcript } = parts;
  let queue: readonly Waiting[] = [];
  let running: Running | null = null;

  function add(item: Waiting): void {
    queue = [...queue, item];
    if (item.source !== 'typed') {
      transcript.note({ type: 'queue-operation', operation: 'enqueue', content: item.text });
    }
    if (running === null) void runAll();
    else showQueue();
  }

  function showQueue(): void {
    view.show({ queued: queue.filter(({ source }) => source !== 'system').map(({ text }) => text) });
  }

  /** All that wait become one turn; what woke the agent by itself has one of its own. */
  async function runAll(): Promise<void> {
    while (queue.length > 0) {
      const own = queue[0]?.source === 'system' ? 1 : queue.findIndex(({ source }) => source === 'system');
      const batch = own < 0 ? queue : queue.slice(0, own);
      queue = queue.slice(batch.length);
      for (const { source } of batch) {
        if (source !== 'typed') transcript.note({ type: 'queue-operation', operation: 'dequeue' });
      }
      const stop = new AbortController();
      running = { stop, text: batch.map(({ text }) => text).join('\n'), promptId: '' };
      view.show({ status: '✻ Working…', head: batch.flatMap(toHead) });
      showQueue();
      await runBatch(batch, running);
      running = null;
      view.show({ status: null, head: [] });
    }
  }

  async function runBatch(batch: readonly Waiting[], run: Running): Promise<void> {
    const { signal } = run.stop;
    const state: TurnState = { spoken: '', begun: false, refused: false, task: null };
    let first: string | null = null;
    let promptId = randomUUID() as string;
    try {
      const taken: Taken[] = [];
      for (const item of batch) {
        run.promptId = promptId = randomUUID();
        const { promptLagMs } = parts.script.find(item.text).deed;
        const uuid = transcript.note(userLine(item.text, promptId, ...lineSource(item.source)), promptLagMs);
        first ??= uuid;
        if (await take(parts, item, promptId, uuid, signal))
          taken.push({ prompt: item.text, promptId, answer: item.answer });
      }
      const last = taken.at(-1);
      if (last === undefined) return;
      await runTurn(parts, { ...last, prompt: taken.map(({ prompt }) => prompt).join('\n') }, state, signal);
      if (!state.begun) beginOutput(view, state);
    } catch (error) {
      if (!signal.aborted && !state.refused) throw error;
      onInterrupt(state, promptId, first, batch);
    } finally {
      wakeAgain(state, running?.text ?? '');
    }
  }

  /** What the turn left running wakes the agent when it has ended. */
  function wakeAgain({ task }: TurnState, prompt: string): void {
    const planned = parts.script.find(prompt).deed.background;
    if (task === null || planned === undefined) return;
    setTimeout(() => {
      add({ text: parts.background.finish(task), source: 'system', answer: planned.text });
    }, planned.ms);
  }

  function onInterrupt(state: TurnState, promptId: string, first: string | null, batch: readonly Waiting[]): void {
    if (!state.begun && queue.length === 0 && first !== null) {
      transcript.drop(first);
      view.show({ head: [] });
      parts.restore(batch.map(({ text }) => text).join('\n'));
      return;
    }
    if (!state.begun) beginOutput(view, state);
    if (state.spoken !== '') transcript.note(syntheticLine(state.spoken, null));
    transcript.note(interruptedLine(promptId, state.refused));
    view.say('  ⎿  Interrupted · What should Claude do instead?', '');
  }

  /** Reported at once, with the id of the turn that runs; it says nothing more of it when it runs. */
  async function queueUp(text: string, { promptId }: Running): Promise<void> {
    const payload = { prompt_id: promptId, permission_mode: view.shown.mode, prompt: text };
    const { answer } = await parts.hooks.run('UserPromptSubmit', payload);
    if (answer.decision !== 'block') return add({ text, source: 'queued', answer: null });
    const refused = randomUUID();
    for (const event of ['prompt', 'blocked'] as const) parts.journal.note({ event, promptId: refused, prompt: text });
    parts.restore(text);
  }

  return {
    submit(text) {
      if (running === null) add({ text, source: 'typed', answer: null });
      else void queueUp(text, running);
    },
    interrupt() {
      if (running === null) return false;
      if (parts.script.find(running.text).deed.ignoreEsc !== true) running.stop.abort();
      return true;
    },
  };
}

/** Reports a prompt; false when the hook blocked it. */
async function take(
  parts: PromptsParts,
  item: Waiting,
  promptId: string,
  uuid: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { hooks, transcript, journal, view } = parts;
  const { deed } = parts.script.find(item.text);
  const typed = item.source !== 'system';
  if (typed && deed.exit?.when === 'before') parts.crash(deed.exit.code);
  if (typed) journal.note({ event: 'prompt', promptId, prompt: item.text });
  if (item.source === 'queued') return true;
  const payload = { prompt_id: promptId, permission_mode: view.shown.mode, prompt: item.text };
  const { answer, errors } = await hooks.run('UserPromptSubmit', payload, signal);
  if (answer.decision === 'block') {
    if (typed) journal.note({ event: 'blocked', promptId, prompt: item.text });
    transcript.drop(uuid);
    const content = `UserPromptSubmit operation blocked by hook:\n${answer.reason ?? ''}\n\nOriginal prompt: ${item.text}`;
    transcript.note(systemLine('informational', { content, level: 'warning', preventContinuation: true }));
    view.say(`● ${content}`, '');
    if (typed) parts.restore(item.text);
    return false;
  }
  if (errors.length > 0) view.say('  ⎿  UserPromptSubmit hook error', `  ⎿  ${errors.join(', ')}`);
  return true;
}

/** What woke the agent by itself was told on the screen already. */
function toHead({ text, source }: Waiting): readonly string[] {
  return source === 'system' ? [] : promptLines(text);
}

function lineSource(source: Source): [source: string, kind: string] {
  return [source, source === 'system' ? 'task-notification' : 'human'];
}
