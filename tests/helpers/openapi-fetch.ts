import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ApiClient {
  /** Like fetch, on a path below `baseUrl`; throws when the answer is not what openapi.yaml promises.
   *  The body of the returned response is still unread. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** POSTs JSON; a string is sent as it is. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

interface HeaderObject {
  readonly required?: boolean;
  readonly schema: { readonly type: 'string' | 'integer' };
}

interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject | Ref>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Ref {
  readonly $ref: string;
}

interface Operation {
  readonly responses: Readonly<Record<string, ResponseObject | Ref>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const DOCUMENT_ID = 'openapi.yaml';
const document = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: DOCUMENT_ID, ...document });

/** A client that proves every answer against openapi.yaml. Paths that the document does not know must answer a problem. */
export function createApiClient({
  baseUrl,
  key,
}: {
  readonly baseUrl: string;
  readonly key?: string | null;
}): ApiClient {
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (key !== undefined && key !== null && !headers.has('x-api-key')) headers.set('x-api-key', key);
    const response = await fetch(new URL(path, baseUrl), { ...init, headers });
    await proveAnswer(init.method ?? 'GET', new URL(path, baseUrl).pathname, response.clone());
    return response;
  }
  return {
    fetch: send,
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** Throws when the document does not promise this answer. */
export async function proveAnswer(method: string, path: string, response: Response): Promise<void> {
  const place = `${method} ${path} → ${response.status}`;
  const body = await response.text();
  const contentType = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  const found = findOperation(method, path);
  if (found === null) {
    if (response.status < 400 || contentType !== 'application/problem+json') {
      throw new Error(`${place}: not in openapi.yaml, yet not refused with a problem but with ${contentType}: ${body}`);
    }
    return proveBody(place, ['components', 'schemas', 'Problem'], body);
  }
  const stated = found.operation.responses[String(response.status)];
  if (stated === undefined) throw new Error(`${place}: ${found.template} has no such status in openapi.yaml: ${body}`);
  const promised = resolve(stated);
  proveHeaders(place, promised, response.headers);
  // One without a body says so by having no content.
  if (promised.content === undefined && body === '') return;
  if (promised.content?.[contentType] === undefined) {
    const known = Object.keys(promised.content ?? {}).join(', ');
    throw new Error(`${place}: content type "${contentType}" instead of ${known}: ${body}`);
  }
  if (!contentType.endsWith('json')) return;
  const inPlace = ['paths', found.template, method.toLowerCase(), 'responses', String(response.status)];
  const pointer = isRef(stated) ? toPointer(stated) : inPlace;
  proveBody(place, [...pointer, 'content', contentType, 'schema'], body);
}

function findOperation(
  method: string,
  path: string,
): { readonly template: string; readonly operation: Operation } | null {
  // Literal paths win over templates: /session/create is no workspace.
  const templates = Object.keys(document.paths).toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
  for (const template of templates) {
    const operation = document.paths[template]?.[method.toLowerCase()];
    const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
    if (operation !== undefined && pattern.test(path)) return { template, operation };
  }
  return null;
}

function isRef(value: object): value is Ref {
  return '$ref' in value;
}

function toPointer({ $ref }: Ref): readonly string[] {
  return $ref.slice(2).split('/');
}

function resolve<T extends object>(value: T | Ref): T {
  if (!isRef(value)) return value;
  const parts = toPointer(value);
  return parts.reduce<unknown>((found, part) => (found as Readonly<Record<string, unknown>>)[part], document) as T;
}

function proveHeaders(place: string, promised: ResponseObject, headers: Headers): void {
  for (const [name, stated] of Object.entries(promised.headers ?? {})) {
    const header = resolve(stated);
    const value = headers.get(name);
    if (value === null && header.required === true) throw new Error(`${place}: header ${name} is missing`);
    if (value !== null && header.schema.type === 'integer' && !/^\d+$/.test(value)) {
      throw new Error(`${place}: header ${name} is "${value}", not an integer`);
    }
  }
  for (const name of ['location', 'retry-after', 'www-authenticate', 'idempotent-replayed', 'preference-applied']) {
    const known = Object.keys(promised.headers ?? {}).some((header) => header.toLowerCase() === name);
    if (headers.has(name) && !known) throw new Error(`${place}: header ${name} is not in openapi.yaml`);
  }
}

const validators = new Map<string, ValidateFunction>();

function proveBody(place: string, pointer: readonly string[], body: string): void {
  const ref = `${DOCUMENT_ID}#/${pointer.map(toPointerPart).join('/')}`;
  const validate = validators.get(ref) ?? ajv.compile({ $ref: ref });
  validators.set(ref, validate);
  if (!validate(JSON.parse(body))) throw new Error(`${place}: ${ajv.errorsText(validate.errors)}: ${body}`);
}

/** Throws when the document does not promise this frame, or promises less than it says. */
export function proveFrame(name: string, frame: Readonly<Record<string, unknown>>): void {
  const pointer = ['components', 'schemas', name];
  proveBody(name, pointer, JSON.stringify(frame));
  const { properties = {} } = resolve<{ readonly properties?: object }>({ $ref: `#/${pointer.join('/')}` });
  const unsaid = Object.keys(frame).filter((field) => !(field in properties));
  if (unsaid.length > 0) throw new Error(`${name} has no ${unsaid.join(', ')} in openapi.yaml`);
}

function toPointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
