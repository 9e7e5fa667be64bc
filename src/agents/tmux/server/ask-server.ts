import { connect, type Socket } from 'node:net';
import { endianness } from 'node:os';
import type { ProgramResult } from '../../../lib/run-program.ts';
import { createMessageReader, DATA_MAX, MESSAGE, toMessage, toNumbers, toText, type Message } from './messages.ts';

export interface Question {
  /** The path of the server's socket. */
  readonly socket: string;
  /** The asking client's, as far as commands look at it. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What the command reads from its standard input. */
  readonly input: string | undefined;
}

/** Asks a tmux server as the program `tmux` does, without starting one: see docs/decisions/0019. Null: it was not asked,
 *  for it speaks another protocol, could not be reached, or the question is too long; the program tries it, or says why
 *  not. Rejects when the signal aborts, which ends the asking. */
export function askServer(question: Question, signal: AbortSignal): Promise<ProgramResult | null> {
  const said = toQuestion(question);
  if (said === null) return Promise.resolve(null);
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult | null>();
  const stream = connect(question.socket);
  const fail = (error: unknown): void => {
    reject(error as Error);
    stream.destroy();
  };
  const stop = (): void => fail(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const read = createMessageReader();
  const answer = createAnswer(stream, Buffer.from(question.input ?? ''), (result) => {
    resolve(result);
    stream.destroy();
  });
  stream.once('connect', () => stream.write(said));
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const message of read(chunk)) answer.take(message);
    } catch (error) {
      fail(error);
    }
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'connect') resolve(toUnheard(question.socket, error));
  });
  stream.once('close', () => resolve(answer.lost()));
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

/** Who asks, and what. Null: it cannot be said so. */
function toQuestion({ env, args }: Question): Buffer | null {
  // Its numbers are those of the machine, and ours are little endian.
  if (endianness() === 'BE') return null;
  const words = Buffer.concat([toNumbers(args.length), ...args.map(toText)]);
  const variables = Object.entries(env).map(([name, value]) => toText(`${name}=${value}`));
  if (words.length > DATA_MAX) return null;
  return Buffer.concat([
    toMessage(MESSAGE.flags, toNumbers(FLAGS)),
    toMessage(MESSAGE.longFlags, toNumbers(FLAGS, 0)),
    toMessage(MESSAGE.term, toText(env['TERM'] ?? '')),
    toMessage(MESSAGE.features, toNumbers(0)),
    toMessage(MESSAGE.ttyName, toText('')),
    // The folder in which the gateway was started may be gone.
    toMessage(MESSAGE.cwd, toText('/')),
    toMessage(MESSAGE.clientPid, toNumbers(process.pid)),
    // The program leaves out those that are too long, too.
    ...variables.filter(({ length }) => length <= DATA_MAX).map((variable) => toMessage(MESSAGE.environ, variable)),
    toMessage(MESSAGE.identified),
    toMessage(MESSAGE.command, words),
  ]);
}

/** It starts no server, and takes UTF-8. */
const FLAGS = 0x1000 | 0x10000;

interface Answer {
  take(message: Message): void;
  /** Of a server that went away in the middle of it. */
  lost(): ProgramResult;
}

/** Numbers of a program's streams. */
const INPUT = 0;
const OUTPUT = 1;
const ERRORS = 2;
/** As the client of a file that it may not open (EBADF). */
const REFUSED = 9;

/** `end`: gets it when it is whole; null when the server speaks another protocol. */
function createAnswer(stream: Socket, input: Buffer, end: (result: ProgramResult | null) => void): Answer {
  const said = { [OUTPUT]: [] as Buffer[], [ERRORS]: [] as Buffer[] };
  /** By the number that the server has given to it. */
  const files = new Map<number, Buffer[]>();
  let isRead = false;
  const toResult = (code: number, more = ''): ProgramResult => ({
    code,
    stdout: Buffer.concat(said[OUTPUT]).toString(),
    stderr: Buffer.concat(said[ERRORS]).toString() + more,
  });

  function open(file: number, fd: number): void {
    const chunks = fd === OUTPUT || fd === ERRORS ? said[fd] : null;
    if (chunks !== null) files.set(file, chunks);
    stream.write(toMessage(MESSAGE.writeReady, toNumbers(file, chunks === null ? REFUSED : 0)));
  }

  /** The input is read once. What else it would read is a file of ours. */
  function give(file: number, fd: number): void {
    const isInput = fd === INPUT && !isRead;
    if (isInput) isRead = true;
    stream.write(isInput ? toInput(file, input) : toMessage(MESSAGE.readDone, toNumbers(file, REFUSED)));
  }

  return {
    lost: () => toResult(1, 'the server went away\n'),
    take({ type, data }) {
      const [first = 0, second = 0] = numbersOf(data);
      if (type === MESSAGE.version) end(null);
      if (type === MESSAGE.writeOpen) open(first, second);
      if (type === MESSAGE.write) files.get(first)?.push(data.subarray(4));
      if (type === MESSAGE.readOpen) give(first, second);
      if (type === MESSAGE.exit) end(toResult(first));
      if (type === MESSAGE.shutdown) end(toResult(1));
    },
  };
}

/** The first two, as far as there are any. */
function numbersOf(data: Buffer): readonly number[] {
  return [0, 4].filter((at) => data.length >= at + 4).map((at) => data.readInt32LE(at));
}

const CHUNK = DATA_MAX - 4;

/** All of it, and that it is over. */
function toInput(of: number, input: Buffer): Buffer {
  const chunks = Array.from({ length: Math.ceil(input.length / CHUNK) }, (_, at) =>
    toMessage(MESSAGE.read, Buffer.concat([toNumbers(of), input.subarray(at * CHUNK, (at + 1) * CHUNK)])),
  );
  return Buffer.concat([...chunks, toMessage(MESSAGE.readDone, toNumbers(of, 0))]);
}

/** Nobody was there to be asked. Null: it is not known. More clients than the socket takes, or files than this process
 *  may open, say nothing of a server, and one that is taken for lost is looked for, and ended. */
function toUnheard(socket: string, { code = '' }: NodeJS.ErrnoException): ProgramResult | null {
  if (!NOBODY.has(code)) return null;
  return { code: 1, stdout: '', stderr: `no server running on ${socket} (${code})\n` };
}

const NOBODY: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED']);
