import type { Answer, Answers } from '../../model/approval.ts';
import { wrong } from './wrong.ts';

/** What a form is filled with, by its schema: a field is of one type, and may have to be one of some values.
 *  @throws GatewayError `invalid_field` */
export function toContent(input: Readonly<Record<string, unknown>>, given: Answers): Answers {
  const { properties, required } = asObject(input['schema']);
  const fields = asObject(properties);
  const unknown = Object.keys(given).find((name) => fields[name] === undefined);
  if (unknown !== undefined) throw wrong('answers', `names no field of the form: ${unknown}`);
  const missing = toList(required).find((name) => given[String(name)] === undefined);
  if (missing !== undefined) throw wrong('answers', `has nothing for the field ${String(missing)}`);
  for (const [name, value] of Object.entries(given)) check(name, value, asObject(fields[name]));
  return given;
}

function check(name: string, value: Answer, field: Readonly<Record<string, unknown>>): void {
  const type = String(field['type'] ?? 'string');
  if (!isOfType(value, type)) throw wrong('answers', `takes for the field ${name} a value of type ${type}`);
  const allowed = valuesOf(type === 'array' ? asObject(field['items']) : field);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (allowed.length > 0 && !values.every((one) => allowed.includes(one)))
    throw wrong('answers', `takes for the field ${name} one of: ${allowed.map(String).join(', ')}`);
}

function isOfType(value: Answer, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function valuesOf(field: Readonly<Record<string, unknown>>): readonly unknown[] {
  const named = [...toList(field['oneOf']), ...toList(field['anyOf'])].map((entry) => asObject(entry)['const']);
  return [...toList(field['enum']), ...named.filter((value) => value !== undefined)];
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
