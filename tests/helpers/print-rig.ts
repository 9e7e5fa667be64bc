import { createPrintSession, type PrintSession } from '../../src/agents/claude-print/session/session.ts';
import { toSaying } from '../../src/agents/claude-print/stream/words.ts';
import type { StreamFiles } from '../../src/agents/program/files/stream-files.ts';
import { keepRecord } from '../../src/agents/program/launch/memory.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';
import type { RejoinedTurn } from '../../src/core/ports/agent.ts';
import { createKeptLog, type KeptLog } from './kept-log.ts';
import { until } from './until.ts';

export interface FakeStream extends StreamFiles {
  /** What was said to the agent, oldest first. */
  readonly heard: readonly string[];
  /** The agent says this. */
  tell(...lines: readonly object[]): void;
  /** The next calls of this name fail, so many of them. */
  fail(name: 'say' | 'hear' | 'said' | 'mend', times: number): void;
}

/** The streams of one agent, in memory. */
export function createFakeStream(): FakeStream {
  let input = '';
  let output = '';
  const failing = new Map<string, number>();
  let more = Promise.withResolvers<void>();
  const behind = (text: string, offset: number) => ({ text: text.slice(offset), end: Math.max(offset, text.length) });

  async function may(name: string): Promise<void> {
    const times = failing.get(name) ?? 0;
    failing.set(name, times - 1);
    if (times > 0) throw new Error(`${name} is out of reach`);
  }

  return {
    get heard() {
      return input.split('\n').slice(0, -1);
    },
    tell(...lines) {
      output += lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      more.resolve();
      more = Promise.withResolvers();
    },
    fail: (name, times) => void failing.set(name, times),
    prepare: async () => ({ input: 'in', output: 'out', pipe: 'pipe' }),
    async say(_workspace, line, at) {
      await may('say');
      if (at !== undefined && at !== input.length) return false;
      input += `${line}\n`;
      return true;
    },
    mend: () => may('mend'),
    saidBytes: async () => input.length,
    async said(_workspace, offset) {
      await may('said');
      return behind(input, offset);
    },
    async hear(_workspace, offset, withinMs, signal) {
      await may('hear');
      if (output.length <= offset && withinMs > 0) {
        const late = AbortSignal.any([AbortSignal.timeout(withinMs), signal ?? AbortSignal.timeout(withinMs)]);
        await Promise.race([more.promise, new Promise((resolve) => late.addEventListener('abort', resolve))]);
      }
      return behind(output, offset);
    },
  };
}

export interface PrintRig {
  readonly session: PrintSession;
  readonly stream: FakeStream;
  readonly log: KeptLog;
  /** The agent's program ends. */
  die(): void;
  /** Resolves with the first line to the agent that has this word, behind those that were found before. */
  untilHeard(word: string): Promise<Readonly<Record<string, unknown>>>;
  /** A turn of an earlier process, whose line is said now. */
  rejoined(prompt: string): Promise<{ readonly past: RejoinedTurn; readonly uuid: string }>;
  close(): Promise<void>;
}

const TOKEN = 'token';

/** A session over streams in memory, whose agent says what a test lets it say. */
export function openPrintRig(version: string, permissionMode = 'default'): PrintRig {
  const stream = createFakeStream();
  const log = createKeptLog();
  const ended = Promise.withResolvers<void>();
  const tmux: Tmux = {
    ...createTmux({ socket: 'none', ask: () => Promise.reject(new Error('nobody asks')) }),
    ended: (_session, signal) =>
      Promise.race([
        ended.promise,
        new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ]),
    pane: async () => null,
    list: async () => [],
    survey: async () => [],
    kill: async () => {},
  };
  const launched = { agentSessionId: 's', token: TOKEN, version, agent: null, said: true, lost: null };
  const session = createPrintSession({
    ...launched,
    tmux,
    files: { stream, trace: { prepare: async () => 'trace', put: async () => {} }, hasRoom: async () => true },
    sendSignal: async () => true,
    prices: { geo: {}, models: {} },
    log,
    workspace: 'w',
    name: 'claude-w',
    permissionMode,
    memory: keepRecord(launched, async () => {}).memory,
    listener: { moved() {}, noticed() {} },
    onMoved: async () => {},
    onClosed() {},
  });
  let found = 0;

  return {
    session,
    stream,
    log,
    die: () => ended.resolve(),
    untilHeard: (word) =>
      until(() => {
        const at = stream.heard.findIndex((line, index) => index >= found && line.includes(word));
        if (at === -1) return null;
        found = at + 1;
        return JSON.parse(stream.heard[at] ?? '') as Readonly<Record<string, unknown>>;
      }),
    async rejoined(prompt) {
      const offset = await stream.saidBytes('w');
      const { line, uuid } = toSaying({ token: TOKEN, offset, prompt, version });
      await stream.say('w', line);
      return { past: { prompt, transcriptOffset: offset, begunAt: 0, open: [], told: [], traceparent: null }, uuid };
    },
    close: () => session.close(),
  };
}
