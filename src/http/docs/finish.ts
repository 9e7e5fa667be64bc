import { BODY_EXAMPLES, PROBLEM_EXAMPLES, SCHEMA_EXAMPLES } from './examples.ts';
import { FRAMES, FRAMES_OF } from './frames.ts';
import { nameEnums } from './named-enums.ts';
import { PROBLEM_CODE } from './problem-words.ts';

type Json = Record<string, unknown>;

/** What operations share, by its name. */
interface Shared {
  readonly schemas: Json;
  readonly headers: Json;
  readonly responses: Json;
}

const METHODS = ['get', 'post', 'delete'];

/** Puts right what @fastify/swagger cannot say, on a copy without shared parts (YAML would turn them into anchors): what
 *  several operations share is a component, header fields are spelled as in HTTP, examples are whole and true, and what is
 *  optional is prefilled with nothing. */
export function finish(document: object): object {
  const copy = JSON.parse(JSON.stringify(document)) as { paths: Json; components: Json };
  const shared: Shared = { schemas: objectIn(copy.components, 'schemas'), headers: {}, responses: {} };
  for (const path of Object.values(copy.paths)) {
    if (!isObject(path)) continue;
    for (const method of METHODS) if (isObject(path[method])) finishOperation(path[method], shared);
  }
  for (const [name, schema] of Object.entries(shared.schemas)) {
    const example = SCHEMA_EXAMPLES[name];
    if (example !== undefined && isObject(schema)) schema['examples'] = [example];
  }
  Object.assign(shared.schemas, structuredClone(FRAMES), { ProblemCode: PROBLEM_CODE });
  objectIn(objectIn(shared.schemas, 'Problem'), 'properties')['code'] = { $ref: '#/components/schemas/ProblemCode' };
  const enums: Json = {};
  const named = nameEnums(copy, enums) as { components: Json };
  const responses = nameEnums(shared.responses, enums);
  const schemas = { ...objectIn(named.components, 'schemas'), ...enums };
  named.components = { ...named.components, schemas, headers: shared.headers, responses };
  return named;
}

function finishOperation(operation: Json, shared: Shared): void {
  for (const parameter of listIn(operation, 'parameters')) finishParameter(parameter);
  if (isObject(operation['requestBody'])) operation['requestBody'] = finishBody(operation, shared);
  const responses = objectIn(operation, 'responses');
  for (const [status, response] of Object.entries(responses)) {
    if (isObject(response)) responses[status] = finishResponse(status, response, shared);
  }
  addFrames(FRAMES_OF[String(operation['operationId'])] ?? [], responses);
}

/** A connection says frame by frame what other answers say at once. */
function addFrames(names: readonly string[], responses: Json): void {
  const refs = names.map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const [frame] = refs;
  if (frame === undefined) return;
  const events = objectIn(objectIn(objectIn(responses, '200'), 'content'), 'text/event-stream');
  if (isObject(events['schema'])) events['schema']['contentSchema'] = frame;
  const upgraded = responses['101'];
  if (!isObject(upgraded)) return;
  upgraded['description'] =
    `${String(upgraded['description'])} Text frames, of the gateway and of the client, are these.`;
  upgraded['content'] = { 'application/json': { schema: refs.length === 1 ? frame : { oneOf: refs } } };
}

const FIELDS = [
  'Prefer',
  'Idempotency-Key',
  'Traceparent',
  'If-None-Match',
  'Last-Event-ID',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

function spell(name: string): string {
  return FIELDS.find((field) => field.toLowerCase() === name.toLowerCase()) ?? name;
}

/** Pages that try things out fill in what is given as an example, and send it. */
function finishParameter(parameter: Json): void {
  if (parameter['in'] === 'header') parameter['name'] = spell(String(parameter['name']));
  const schema = objectIn(parameter, 'schema');
  const [first] = Array.isArray(schema['examples']) ? (schema['examples'] as unknown[]) : [];
  const example = first ?? schema['example'] ?? parameter['example'];
  delete schema['examples'];
  delete schema['example'];
  delete parameter['example'];
  if (example === undefined) return;
  if (parameter['required'] === true) parameter['example'] = example;
  else parameter['description'] = `${String(parameter['description'])} For example \`${toWords(example)}\`.`;
}

function toWords(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example);
}

/** A body whose schema also allows null is one that may be left out. */
function finishBody(operation: Json, { schemas }: Shared): Json {
  const content = objectIn(objectIn(operation, 'requestBody'), 'content');
  const schema = objectIn(objectIn(content, 'application/json'), 'schema');
  const choices = schema['anyOf'];
  const isOptional = Array.isArray(choices);
  const body = (isOptional ? (choices as unknown[])[0] : schema) as Json;
  const id = String(operation['operationId']);
  const name =
    isObject(body['properties']) && Object.keys(body['properties']).length === 0 ? 'EmptyBody' : toBodyName(id);
  schemas[name] ??= { description: `The body of \`${id}\`.`, ...body };
  if (name === 'EmptyBody') schemas[name] = { ...body, description: 'Nothing is asked.' };
  const example = BODY_EXAMPLES[id];
  const media = { schema: { $ref: `#/components/schemas/${name}` }, ...(example !== undefined && { example }) };
  return { required: !isOptional, content: { 'application/json': media } };
}

function toBodyName(operationId: string): string {
  return `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Body`;
}

function finishResponse(status: string, response: Json, shared: Shared): Json {
  const headers = isObject(response['headers']) ? response['headers'] : {};
  response['headers'] = Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [spell(name), shareHeader(spell(name), header as Json, shared)]),
  );
  if (Object.keys(headers).length === 0) delete response['headers'];
  const content = isObject(response['content']) ? response['content'] : {};
  const problem = content['application/problem+json'];
  if (!isObject(problem)) return response;
  problem['example'] = PROBLEM_EXAMPLES[status];
  const name = `Problem${status}`;
  shared.responses[name] ??= response;
  return { $ref: `#/components/responses/${name}` };
}

/** The same words everywhere are said once. */
function shareHeader(name: string, header: Json, { headers }: Shared): Json {
  requireHeader(header);
  headers[name] ??= header;
  return JSON.stringify(headers[name]) === JSON.stringify(header) ? { $ref: `#/components/headers/${name}` } : header;
}

function requireHeader(header: Json): void {
  const schema = objectIn(header, 'schema');
  if (schema['x-required'] === undefined) return;
  header['required'] = schema['x-required'];
  delete schema['x-required'];
}

function objectIn(parent: Json, name: string): Json {
  const found = parent[name];
  return isObject(found) ? found : {};
}

function listIn(parent: Json, name: string): readonly Json[] {
  const found = parent[name];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
