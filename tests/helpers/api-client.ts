import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { parse } from 'yaml';

interface Operation {
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly headers?: Readonly<Record<string, unknown>>;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const document = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormatsModule as unknown as (to: Ajv2020) => void)(ajv);

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for, and the schema was checked
  readonly body: any;
}

export interface ApiClient {
  (method: string, path: string, options?: CallOptions): Promise<Answer>;
}

export interface CallOptions {
  /** Sent as JSON; `raw` as it is. */
  readonly json?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: none. */
  readonly key?: string | null;
}

/** A client that holds every answer against openapi.yaml, and throws where it is not as promised. */
export function createApiClient(baseUrl: string, key: string): ApiClient {
  return async (method, path, options = {}) => {
    const headers: Record<string, string> = { ...options.headers };
    const shown = options.key === undefined ? key : options.key;
    if (shown !== null) headers['x-api-key'] ??= shown;
    if (options.json !== undefined || options.raw !== undefined) headers['content-type'] ??= 'application/json';
    const body = options.raw ?? (options.json === undefined ? null : JSON.stringify(options.json));
    // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- the tests send no body with GET
    const response = await fetch(`${baseUrl}${path}`, { method, headers, body });
    const text = await response.text();
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const parsed: unknown = type.endsWith('json') ? JSON.parse(text) : null;
    check(method, path, response, type, parsed ?? text);
    return { status: response.status, headers: response.headers, text, body: parsed };
  };
}

function check(method: string, path: string, response: Response, type: string, body: unknown): void {
  const operation = findOperation(method, path.split('?')[0] ?? '');
  if (operation === null) return;
  const where = `${method} ${path} ${response.status}`;
  const promised = operation.responses[String(response.status)];
  if (promised === undefined)
    throw new Error(`${where}: openapi.yaml does not know this status: ${JSON.stringify(body)}`);
  const media = promised.content?.[type];
  if (media === undefined) throw new Error(`${where}: openapi.yaml does not know the type ${type}`);
  if (!ajv.validate(media.schema, body))
    throw new Error(`${where}: ${ajv.errorsText()} in ${JSON.stringify(body).slice(0, 500)}`);
}

function findOperation(method: string, path: string): Operation | null {
  const parts = path.split('/');
  const exact = document.paths[path]?.[method.toLowerCase()];
  if (exact !== undefined) return exact;
  for (const [template, operations] of Object.entries(document.paths)) {
    const wanted = template.split('/');
    const fits =
      wanted.length === parts.length && wanted.every((part, index) => part.startsWith('{') || part === parts[index]);
    const operation = operations[method.toLowerCase()];
    if (fits && operation !== undefined) return operation;
  }
  return null;
}
