import type { Schemas } from '../../client/client.ts';
import { parseTraceparent } from '../../core/model/trace/trace.ts';
import { isWorkspaceName } from '../../core/model/workspace.ts';
import { catchStopSignals } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Connection, type Remote } from './connection.ts';
import { createNarration, type Narration } from './narration.ts';

export interface RunOptions extends Remote {
  readonly workspace: string;
  readonly agent?: Schemas['Agent'];
  readonly priority: 'high' | 'normal' | 'background';
  readonly timeout?: number;
  readonly replyTo?: string;
  readonly idempotencyKey?: string;
  readonly detach?: true;
  readonly json?: true;
  readonly stream?: true;
  readonly wait?: true;
}

const WAIT_SECONDS = 60;
/** As a shell says it of a program that was interrupted. */
const INTERRUPTED = 130;

/** On a terminal the answer as it comes; on a pipe the answer alone, when it is there. The id goes to stderr at once,
 *  so that nothing is lost by going away. */
export async function run(words: readonly string[], options: RunOptions, terminal: Terminal): Promise<number> {
  refuseName(options.workspace);
  const command = await readPrompt(words, terminal);
  const connection = await connect(options, terminal);
  const stop = catchStopSignals();
  let goesOn = `not known whether it was accepted: gatehouse requests -w ${options.workspace} says so`;
  try {
    const { requestId } = await submit(connection, command, { ...options, trace: terminal.env['TRACEPARENT'] }, stop);
    if (options.detach) {
      terminal.print(requestId);
      return 0;
    }
    terminal.complain(requestId);
    goesOn = `it goes on: gatehouse status ${requestId}, or gatehouse cancel ${requestId}`;
    return await untilEnd(connection, requestId, options, terminal, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
    terminal.progress(null);
    terminal.complain(goesOn);
    return INTERRUPTED;
  }
}

async function untilEnd(
  connection: Connection,
  requestId: string,
  options: RunOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  const streams = options.json === undefined && options.wait === undefined && (options.stream ?? terminal.isTTY);
  const narration = streams ? createNarration(terminal) : null;
  if (narration !== null) await followToEnd(connection, requestId, narration, stop);
  const status = await waitForEnd(connection, requestId, stop);
  return tellEnd(connection, status, { ...options, narration }, terminal);
}

function refuseName(workspace: string): void {
  if (isWorkspaceName(workspace)) return;
  throw new Error(`${workspace} is no workspace: letters, digits, - and _, at most 63, first a letter or digit`);
}

async function readPrompt(words: readonly string[], terminal: Terminal): Promise<string> {
  const said = words.join(' ');
  if (said !== '' && said !== '-') return said;
  if (said === '' && terminal.isTyped) throw new Error('run needs a prompt: gatehouse run -w website "Fix the link"');
  const read = await terminal.readInput();
  if (read.trim() === '') throw new Error('nothing came on stdin: give run a prompt there, or as words behind it');
  return read;
}

interface Submitted extends RunOptions {
  /** The one that this command belongs to, if it is one. */
  readonly trace: string | undefined;
}

async function submit({ ask, client }: Connection, command: string, options: Submitted, signal: AbortSignal) {
  const { workspace, agent, priority, timeout, replyTo, idempotencyKey, trace } = options;
  const body = {
    ...{ workspace, command, priority },
    ...(agent !== undefined && { agent }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
    ...(replyTo !== undefined && { replyTo }),
  };
  const header = {
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    ...(trace !== undefined && parseTraceparent(trace) !== null && { Traceparent: trace }),
  };
  return ask(client.POST('/execute', { body, params: { header }, signal }));
}

async function followToEnd(
  { client }: Connection,
  requestId: string,
  narration: Narration,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of client.followRequest(requestId, signal)) narration.tell(event);
  narration.end();
}

async function waitForEnd(
  { ask, client }: Connection,
  requestId: string,
  signal: AbortSignal,
): Promise<Schemas['Status']> {
  const params = { path: { requestId }, header: { Prefer: `wait=${WAIT_SECONDS}` } };
  for (;;) {
    const status = await ask(client.GET('/status/{requestId}', { params, signal }));
    signal.throwIfAborted();
    if (status.state !== 'queued' && status.state !== 'running') return status;
  }
}

interface Telling extends RunOptions {
  readonly narration: Narration | null;
}

async function tellEnd(
  connection: Connection,
  status: Schemas['Status'],
  { json, narration }: Telling,
  terminal: Terminal,
): Promise<number> {
  if (json) terminal.print(JSON.stringify(status));
  else if (narration === null || !narration.hasSpoken()) {
    const text = await readOutput(connection, status);
    if (text !== null) terminal.print(text);
  }
  if (status.state === 'completed') return 0;
  terminal.complain(describeEnd(status));
  return 3;
}

/** Null: there is no text. */
export async function readOutput({ ask, client }: Connection, status: Schemas['Status']): Promise<string | null> {
  const { output, requestId } = status;
  if (output.text !== undefined) return output.text;
  if (!output.available) return null;
  const params = { path: { requestId } };
  return ask(client.GET('/status/{requestId}/output', { params, parseAs: 'text' }));
}

export function describeEnd({ state, reason, error }: Pick<Schemas['Status'], 'state' | 'reason' | 'error'>): string {
  return [state, reason === null ? '' : ` (${reason})`, error === null ? '' : `: ${error}`].join('');
}
