import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const DIGITS = /^-?(?:0|[1-9]\d*)$/;

/** As TypeBox checks it, but that a number of a query is written in digits: no `0x1`, no `1e3`, no `1.0`, and no empty text. */
export const compileValidator: FastifySchemaCompiler<TSchema> = (route) => {
  const check = TypeBoxValidatorCompiler(route);
  const numbers = route.httpPart === 'querystring' ? findNumbers(route.schema) : [];
  if (numbers.length === 0) return check;
  return (query: Readonly<Record<string, unknown>>) => {
    const wrong = numbers.filter((name) => typeof query[name] === 'string' && !DIGITS.test(query[name]));
    return check({ ...query, ...Object.fromEntries(wrong.map((name) => [name, Number.NaN])) });
  };
};

function findNumbers(schema: TSchema): readonly string[] {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, { readonly type?: string }>> };
  return Object.entries(properties).flatMap(([name, { type }]) =>
    type === 'number' || type === 'integer' ? [name] : [],
  );
}
