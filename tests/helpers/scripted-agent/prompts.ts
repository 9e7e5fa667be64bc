import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { panel } from './dialogs.ts';
import { interruptedLine, stopSummaryLine, syntheticLine, systemLine, userLine } from './transcript.ts';
import { beginOutput, runTurn, type Taken, type TurnParts, type TurnState } from './turn.ts';

/** Takes what is submitted, and runs it turn by turn. */
export interface Prompts {
  submit(text: string): void;
  /** False when no turn runs. */
  interrupt(): boolean;
}

export interface PromptsParts extends TurnParts {
  /** Puts a prompt back into the composer. */
  readonly restore: (text: string) => void;
  readonly quit: () => void;
}

/** `system`: told by work in the background, not by a person. */
type Source = 'typed' | 'queued' | 'system';
interface Waiting {
  readonly text: string;
  readonly source: Source;
  readonly answer: string | null;
}

const QUIT_WORDS = ['exit', 'quit', ':q', ':q!', ':wq', ':wq!', '/exit', '/quit'];

export function createPrompts(parts: PromptsParts): Prompts {
  const { view, transcript } = parts;
  let queue: readonly Waiting[] = [];
  let running: { readonly stop: AbortController; readonly text: string } | null = null;

  function add(item: Waiting): void {
    queue = [...queue, item];
    if (running === null) void runAll();
    else if (item.source !== 'system') {
      transcript.note({ type: 'queue-operation', operation: 'enqueue', content: item.text });
      view.show({ queued: queue.map(({ text }) => text) });
    }
  }

  /** All that wait become one turn. */
  async function runAll(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      for (const { source } of batch) {
        if (source === 'queued') transcript.note({ type: 'queue-operation', operation: 'dequeue' });
      }
      const stop = new AbortController();
      running = { stop, text: batch.map(({ text }) => text).join('\n') };
      view.show({ queued: [], status: '✻ Working…', head: batch.map(({ text }) => `❯ ${text}`) });
      await runBatch(batch, stop.signal);
      running = null;
      view.show({ status: null, head: [] });
    }
  }

  async function runBatch(batch: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const state: TurnState = { spoken: '', begun: false, refused: false, background: undefined };
    let first: string | null = null;
    let promptId = randomUUID() as string;
    try {
      const taken: Taken[] = [];
      for (const item of batch) {
        promptId = randomUUID();
        const uuid = transcript.note(userLine(item.text, promptId, ...lineSource(item.source)));
        first ??= uuid;
        if (await take(parts, item, promptId, uuid, signal))
          taken.push({ prompt: item.text, promptId, answer: item.answer });
      }
      const last = taken.at(-1);
      if (last === undefined) return;
      await runTurn(parts, { ...last, prompt: taken.map(({ prompt }) => prompt).join('\n') }, state, signal);
      if (!state.begun) beginOutput(view, state);
      const { background } = state;
      if (background !== undefined) {
        setTimeout(() => add({ text: NOTIFICATION, source: 'system', answer: background.text }), background.ms);
      }
    } catch (error) {
      if (!signal.aborted && !state.refused) throw error;
      onInterrupt(state, promptId, first, batch);
    }
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

  return {
    submit(text) {
      if (QUIT_WORDS.includes(text.trim().toLowerCase())) return parts.quit();
      if (text.startsWith('!')) return void runShell(parts, text.slice(1).trim());
      if (text.startsWith('/')) return command(parts, text);
      add({ text, source: running === null ? 'typed' : 'queued', answer: null });
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
  parts: TurnParts,
  item: Waiting,
  promptId: string,
  uuid: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { hooks, transcript, journal, view, launch } = parts;
  const { deed } = parts.script.find(item.text);
  if (item.source !== 'system' && deed.exit?.when === 'before') parts.crash(deed.exit.code);
  const payload = { prompt_id: promptId, permission_mode: launch.permissionMode, prompt: item.text };
  const { answer, errors } = await hooks.run('UserPromptSubmit', payload, signal);
  if (signal.aborted) throw new DOMException('interrupted', 'AbortError');
  if (answer.decision === 'block') {
    transcript.drop(uuid);
    const content = `UserPromptSubmit operation blocked by hook:\n${answer.reason ?? ''}\n\nOriginal prompt: ${item.text}`;
    transcript.note(systemLine('informational', { content, level: 'warning', preventContinuation: true }));
    view.say(`● ${content}`, '');
    return false;
  }
  if (errors.length > 0) view.say('  ⎿  UserPromptSubmit hook error', `  ⎿  ${errors.join(', ')}`);
  if (item.source !== 'system') {
    journal.note({ event: 'prompt', sessionId: launch.sessionId, promptId, prompt: item.text });
  }
  return true;
}

function lineSource(source: Source): [source: string, kind: string] {
  return [source, source === 'system' ? 'task-notification' : 'human'];
}

const NOTIFICATION =
  '<task-notification>\n<task-id>task-1</task-id>\n<status>completed</status>\n<summary>Background command "a task" completed (exit code 0)</summary>\n</task-notification>';

/** `!`: runs at once, with nobody asked; tells only a Stop, without a prompt_id. */
async function runShell(parts: TurnParts, line: string): Promise<void> {
  parts.view.say(`! ${line}`);
  const output = await new Promise<string>((resolve) => {
    const child = spawn('sh', ['-c', line], { cwd: parts.launch.cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => resolve(Buffer.concat(chunks).toString().trimEnd()));
  });
  parts.view.say(`  ⎿  ${output}`, '');
  const payload = { stop_hook_active: false, last_assistant_message: output, background_tasks: [] };
  const { names, errors } = await parts.hooks.run('Stop', payload);
  parts.transcript.note(stopSummaryLine(names, errors));
}

function command({ view, transcript }: TurnParts, text: string): void {
  if (text.startsWith('/help')) {
    view.show({ dialog: panel('Help', ['  Claude understands your codebase'], () => view.show({ dialog: null })) });
    return;
  }
  const content = `Unknown command: ${text.split(/\s/)[0]}`;
  transcript.note(systemLine('informational', { content, level: 'warning' }));
  view.say(`● ${content}`, '');
}
