import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { REACH_PATTERN, REACH_RULE } from '../../core/model/keys/key.ts';
import { WORKSPACE_PATTERN, WORKSPACE_RULE } from '../../core/model/workspace.ts';

export const IDEMPOTENCY_KEY = '^[\\x21-\\x7e]{1,255}$';
/** Without control characters. */
export const PLAIN_LINE = '^[^\\u0000-\\u001f\\u007f]*$';
export const CURSOR = '^\\d{1,15}$';
export const LAST_EVENT_ID = '^[0-9]{0,15}$';

/** What a pattern of a schema asks, for people. */
const RULES: ReadonlyMap<string, string> = new Map([
  [WORKSPACE_PATTERN, WORKSPACE_RULE],
  [REACH_PATTERN, REACH_RULE],
  [PLAIN_LINE, 'send one line of plain text'],
  [IDEMPOTENCY_KEY, 'send 1 to 255 visible ASCII characters, without blanks'],
  [CURSOR, 'send the `next` of the page before, as it was answered'],
  [LAST_EVENT_ID, 'send the id of the last event, a whole number, or nothing'],
]);

/** Undefined: no schema has it. */
export function ruleOf(pattern: unknown): string | undefined {
  return typeof pattern === 'string' ? RULES.get(pattern) : undefined;
}

const DIGITS = /^-?(?:0|[1-9]\d*)$/;

/** As TypeBox checks it, but that a query says each of its fields once and with a value, and a number of it in digits: no
 *  `0x1`, no `1e3`, no `1.0`. */
export const compileValidator: FastifySchemaCompiler<TSchema> = (route) => {
  // What is to be text already is text: it is checked as bodies are, of which nothing is converted.
  const check = TypeBoxValidatorCompiler(isAllText(route.schema) ? { ...route, httpPart: 'body' } : route);
  if (route.httpPart !== 'querystring') return check;
  const numbers = findNumbers(route.schema);
  return (query: Readonly<Record<string, unknown>>) => {
    const [repeated] = Object.entries(query).find(([, value]) => Array.isArray(value)) ?? [];
    if (repeated !== undefined) return refuse(repeated, 'was sent more than once: send it once');
    const wrong = numbers.filter((name) => typeof query[name] === 'string' && !DIGITS.test(query[name]));
    return check({ ...query, ...Object.fromEntries(wrong.map((name) => [name, Number.NaN])) });
  };
};

function refuse(name: string, message: string) {
  return { error: [{ keyword: 'query', instancePath: `/${name}`, schemaPath: '#', params: {}, message }] };
}

function isAllText({ type, properties = {} }: Properties): boolean {
  return type === 'object' && Object.values(properties).every((property) => property.type === 'string');
}

interface Properties {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

function findNumbers(schema: TSchema): readonly string[] {
  const { properties = {} } = schema as Properties;
  return Object.entries(properties).flatMap(([name, { type }]) =>
    type === 'number' || type === 'integer' ? [name] : [],
  );
}
