import { proveAnswer } from './openapi-fetch.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for, and the schema was checked
  readonly body: any;
}

export interface ApiCall {
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

/** Calls the API, reads the whole answer, and throws where it is not what openapi.yaml promises. */
export function createApiCall(baseUrl: string, key: string): ApiCall {
  return async (method, path, options = {}) => {
    const headers: Record<string, string> = { ...options.headers };
    const shown = options.key === undefined ? key : options.key;
    if (shown !== null) headers['x-api-key'] ??= shown;
    if (options.json !== undefined || options.raw !== undefined) headers['content-type'] ??= 'application/json';
    const body = options.raw ?? (options.json === undefined ? null : JSON.stringify(options.json));
    // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- the tests send no body with GET
    const response = await fetch(`${baseUrl}${path}`, { method, headers, body });
    const route = path.split('?')[0] ?? '';
    // The docs describe the API and not themselves.
    if (!route.startsWith('/api-docs')) await proveAnswer(method, route, response.clone());
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.split(';')[0]?.endsWith('json') ?? false;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
  };
}
