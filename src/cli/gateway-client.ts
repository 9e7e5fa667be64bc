/** The part of `GET /status/:requestId` that people are shown. */
export interface StatusDocument {
  readonly state: string;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly error: string | null;
  /** Null when there is none, or when it is too long for the document. */
  readonly text: string | null;
  /** There is text, in the document or beside it. */
  readonly available: boolean;
}

export interface Execution {
  readonly workspace: string;
  readonly command: string;
  readonly priority?: 'high' | 'normal' | 'background';
}

/** All failures are errors whose message is for people. */
export interface GatewayClient {
  execute(execution: Execution): Promise<{ readonly requestId: string }>;
  /** Answers at once, or up to `waitSeconds` later when the request ends. */
  status(requestId: string, waitSeconds?: number): Promise<StatusDocument>;
  output(requestId: string): Promise<string>;
}

export interface Door {
  readonly url: string;
  readonly key: string;
  readonly signal?: AbortSignal;
}

export function createGatewayClient(door: Door): GatewayClient {
  return {
    async execute(execution) {
      const answer = await askGateway(door, 'POST', '/execute', { body: JSON.stringify(execution) });
      const { requestId } = toRecord(parseJson(answer));
      if (typeof requestId !== 'string') throw new Error(`${door.url} answered without a request id: is it Gatehouse?`);
      return { requestId };
    },
    async status(requestId, waitSeconds = 0) {
      const prefer = waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {};
      const answer = await askGateway(door, 'GET', `/status/${encodeURIComponent(requestId)}`, { headers: prefer });
      return toStatus(toRecord(parseJson(answer)));
    },
    output: (requestId) => askGateway(door, 'GET', `/status/${encodeURIComponent(requestId)}/output`, {}),
  };
}

interface Call {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The text of the answer.
 *  @throws Error whose message is for people */
export async function askGateway(
  { url, key, signal }: Door,
  method: string,
  path: string,
  { body, headers }: Call,
): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(`no gateway answers at ${url}: start one with npm start, or name another with --url`, {
      cause: error,
    });
  }
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(describeRefusal(response.status, text));
}

function describeRefusal(status: number, text: string): string {
  const problem = toRecord(parseJson(text));
  const detail = [problem['detail'], problem['error'], problem['title']].find((part) => typeof part === 'string');
  return `refused with ${status}: ${detail ?? 'no reason given'}`;
}

function toStatus(document: Readonly<Record<string, unknown>>): StatusDocument {
  const output = toRecord(document['output']);
  return {
    state: toText(document['state']) ?? 'unknown',
    phase: toText(document['phase']),
    reason: toText(document['reason']),
    error: toText(document['error']),
    text: toText(output['text']),
    available: output['available'] === true,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
