import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Dice } from './dice.ts';

/** One request that openapi.yaml leads to: as it says, or wrong in some way. */
export interface FuzzedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What stands where something is named: pools of names that may exist. */
export type Names = (parameter: string) => readonly string[];

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

const document = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
);

const WILD_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\u001b[2J',
  '../../etc/passwd',
  '/etc/passwd',
  '%2e%2e%2f',
  '<script>alert(1)</script>',
  `' OR 1=1 --`,
  '${HOME} $(id)',
  '[object Object]',
  '__proto__',
  '🦊'.repeat(70),
  'ä'.repeat(300),
  '\ud800',
  'x'.repeat(70_000),
  '9'.repeat(40),
  'webhook:https://127.0.0.1:1/hook',
  'https://localhost:1/hook',
  'telegram:1',
];
const WILD_VALUES: readonly unknown[] = [null, true, -1, 0, 1.5, 1e308, [], {}, [[]], { a: { b: {} } }];

/** An endless row of requests, the same for the same dice. */
export function createFuzzer(dice: Dice, names: Names): () => FuzzedRequest {
  const pick = <T>(list: readonly T[]): T => list[dice(list.length)] as T;
  const rarely = (oneIn: number): boolean => dice(oneIn) === 0;

  function textOf({ maxLength = 200 }: Schema): string {
    if (rarely(12)) return 'x'.repeat(Math.min(maxLength, 100_000) + dice(2));
    return `fuzzed ${dice(1_000_000)}`.slice(0, maxLength);
  }

  function valueOf(schema: Schema, name = ''): unknown {
    if (schema.$ref !== undefined) return valueOf(toSchema(schema.$ref), name);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return pick(schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either !== undefined) return valueOf(pick(either), name);
    const { minimum = 0, maximum = 1_000_000 } = schema;
    switch (typeof schema.type === 'string' ? schema.type : pick(schema.type ?? ['string'])) {
      case 'integer':
      case 'number':
        return pick([minimum, maximum, minimum + dice(Math.min(maximum - minimum, 1_000) + 1), maximum + 1]);
      case 'boolean':
        return rarely(2);
      case 'null':
        return null;
      case 'array':
        return Array.from({ length: dice(4) }, () => valueOf(schema.items ?? {}, name));
      case 'object':
        return objectOf(schema);
      default:
        return rarely(4) ? textOf(schema) : pick(names(name));
    }
  }

  function objectOf({ properties = {}, required = [] }: Schema): unknown {
    const kept = Object.entries(properties).filter(([name]) => required.includes(name) || rarely(3));
    const made = kept.filter(() => !rarely(25)).map(([name, schema]) => [name, mayBeWild(valueOf(schema, name))]);
    return Object.fromEntries(rarely(25) ? [...made, [pick(WILD_TEXTS), 1]] : made);
  }

  function mayBeWild(value: unknown): unknown {
    if (!rarely(10)) return value;
    return rarely(2) ? pick(WILD_TEXTS) : pick(WILD_VALUES);
  }

  function toPath(template: string): string {
    return template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
      const value = rarely(8) ? pick(WILD_TEXTS) : pick(names(name));
      // Empty, it would be another path.
      return encodeURIComponent(value.toWellFormed().slice(0, 2_000) || 'x');
    });
  }

  function toQuery(parameters: readonly Parameter[]): string {
    const sent = parameters.filter((one) => one.in === 'query' && (one.required === true ? !rarely(10) : rarely(3)));
    const query = new URLSearchParams();
    for (const { name, schema } of sent) query.append(name, toText(mayBeWild(valueOf(schema, name))).slice(0, 2_000));
    if (rarely(20)) query.append(pick(['unknown', '__proto__', '']), '1');
    return query.size === 0 ? '' : `?${query}`;
  }

  function toHeaders(parameters: readonly Parameter[]): Record<string, string> {
    const sent = parameters.filter((one) => one.in === 'header' && rarely(3));
    const headers = sent.map(({ name, schema }): [string, string] => {
      const text = toText(mayBeWild(name === 'Prefer' ? `wait=${dice(2)}` : valueOf(schema, name)));
      // What no client can send as a header is not a try.
      return [
        name,
        text
          .replaceAll(/[^\x20-\x7e]/g, '')
          .trim()
          .slice(0, 1_000),
      ];
    });
    return Object.fromEntries(headers);
  }

  function toBody({ requestBody }: Operation): string | null {
    if (requestBody === undefined) return null;
    if (rarely(30)) return pick(['', '{', '[]', 'null', '7', '"text"', '{"a":1}}', '\u0000']);
    return JSON.stringify(mayBeWild(valueOf(requestBody.content['application/json'].schema)));
  }

  return () => {
    const { template, method, operation } = pick(operations);
    const { parameters = [] } = operation;
    const body = toBody(operation);
    const type = rarely(40) ? pick(['text/plain', 'application/xml', 'application/json; charset=latin1']) : JSON_TYPE;
    return {
      method,
      path: `${toPath(template)}${toQuery(parameters)}`,
      headers: { ...toHeaders(parameters), ...(body === null ? {} : { 'Content-Type': type }) },
      body,
    };
  };
}

const JSON_TYPE = 'application/json';

function toSchema(ref: string): Schema {
  const parts = ref.slice(2).split('/');
  return parts.reduce<unknown>((found, part) => (found as Readonly<Record<string, unknown>>)[part], document) as Schema;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
}
