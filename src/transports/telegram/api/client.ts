import http from 'node:http';
import https from 'node:https';
import type { Telegram } from 'telegraf/types';
import { readUpTo } from '../../chat/fetch-file.ts';
import { withoutToken } from '../../chat/without-token.ts';
import { ConnectionError, FileTooLargeError, TelegramError } from './errors.ts';
import { type Body, toJson, toMultipart, type UploadedFile } from './multipart.ts';

/** The methods of Telegram's bot API, as telegraf describes them. No retries and no pace: each call is one request. */
export interface TelegramClient {
  /** @throws TelegramError, ConnectionError, the reason of the signal. */
  call<M extends keyof Telegram>(method: M, args: Args<M>, options: CallOptions): Promise<Result<M>>;
  /** As `call`, with a file in one of the fields. */
  upload<M extends keyof Telegram>(
    method: M,
    args: Omit<Args<M>, 'document'>,
    file: UploadedFile,
    options: CallOptions,
  ): Promise<Result<M>>;
  /** A file that `getFile` named.
   *  @throws FileTooLargeError beside what `call` throws */
  download(path: string, options: CallOptions & { readonly maxBytes: number }): Promise<Buffer>;
  close(): void;
}

type Args<M extends keyof Telegram> =
  Parameters<Telegram[M]> extends [] ? Record<string, never> : NonNullable<Parameters<Telegram[M]>[0]>;
type Result<M extends keyof Telegram> = ReturnType<Telegram[M]>;

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** Shorter than a server keeps a connection: what is written into one that it just closed may have arrived or not. */
const IDLE_MS = 10_000;
const ANSWER_MAX_BYTES = 32 * 1024 * 1024;
const FILE_PATH = /^[\w.-][\w./-]*$/;

interface Sent {
  /** What an error calls it. */
  readonly name: string;
  readonly url: string;
  readonly body: Body | null;
}

type Read<T> = (response: http.IncomingMessage) => Promise<T>;

/** Error messages name the method and never the URL: the token is a part of it. */
export function createClient(apiRoot: string, token: string): TelegramClient {
  const { Agent, request } = apiRoot.startsWith('http:') ? http : https;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const base = apiRoot.replace(/\/+$/, '');
  const root = `${base}/bot${token}/`;

  /** One request; `read` gets what is answered. */
  async function send<T>(what: Sent, { signal, timeoutMs = TIMEOUT_MS }: CallOptions, read: Read<T>): Promise<T> {
    signal.throwIfAborted();
    const { name, url, body } = what;
    const late = AbortSignal.timeout(timeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    let wasOpen = false;
    const asked = request(url, {
      method: body === null ? 'GET' : 'POST',
      agent,
      headers: body === null ? {} : { 'content-type': body.type, 'content-length': body.bytes.length },
      signal: AbortSignal.any([signal, late]),
    });
    asked.once('socket', (socket) => {
      if (asked.reusedSocket) wasOpen = true;
      else socket.once(root.startsWith('https:') ? 'secureConnect' : 'connect', () => (wasOpen = true));
    });
    asked.once('response', resolve);
    asked.on('error', reject);
    asked.end(body?.bytes);
    try {
      const response = await promise;
      return await read(response);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TelegramError || error instanceof FileTooLargeError) throw error;
      throw new ConnectionError(`${name}: ${late.aborted ? 'no answer in time' : sayWhy(error)}`, wasOpen);
    }
  }

  const post = (method: string, body: Body, options: CallOptions): Promise<unknown> =>
    send({ name: method, url: root + method, body }, options, async (response) =>
      readAnswer(response.statusCode ?? 0, (await readBody(response, ANSWER_MAX_BYTES)).toString(), token),
    );

  return {
    async download(path, { maxBytes, ...options }) {
      // A server of one's own may name a file of its disk.
      if (!FILE_PATH.test(path) || path.includes('..')) throw new TelegramError(400, 'the file has no address');
      const url = `${base}/file/bot${token}/${path}`;
      return send({ name: 'the download of a file', url, body: null }, options, async (response) => {
        const status = response.statusCode ?? 0;
        if (status === 200) return readBody(response, maxBytes);
        response.destroy();
        throw new TelegramError(status, `the file was answered ${status}`);
      });
    },
    call: (method, args, options) => post(method, toJson(args), options) as never,
    upload: (method, args, file, options) => post(method, toMultipart(args, file), options) as never,
    close: () => agent.destroy(),
  };
}

function sayWhy(error: unknown): string {
  const first: unknown = error instanceof AggregateError && !('code' in error) ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : null;
  return code === null ? 'the connection broke' : `no answer (${code})`;
}

/** @throws FileTooLargeError */
async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = await readUpTo(response, maxBytes);
  if (body === null) throw new FileTooLargeError('the answer is too large');
  return body;
}

interface Answer {
  readonly ok?: unknown;
  readonly result?: unknown;
  readonly error_code?: unknown;
  readonly description?: unknown;
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown };
}

/** @throws TelegramError for anything but `ok`. */
function readAnswer(status: number, body: string, token: string): unknown {
  const answer = parse(body);
  if (answer?.ok === true) return answer.result;
  const { error_code: code, description, parameters } = answer ?? {};
  const after = parameters?.retry_after;
  const moved = parameters?.migrate_to_chat_id;
  const said = typeof description === 'string' ? withoutToken(description, token) : 'an answer that is none of its own';
  throw new TelegramError(
    // A page of something in between, as a proxy, says nothing about the message.
    typeof code === 'number' ? code : Math.max(status, 500),
    typeof moved === 'number' ? `${said} (its id is ${moved} now)` : said,
    typeof after === 'number' ? after * 1_000 : null,
  );
}

function parse(body: string): Answer | null {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? answer : null;
  } catch {
    return null;
  }
}
