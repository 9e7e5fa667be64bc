import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { execFile } from 'node:child_process';
import { copyFile, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { BODY_EXAMPLES, SCHEMA_EXAMPLES } from '../../../src/http/docs/examples.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { openHttpServer } from '../../helpers/http-server.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema: { readonly example?: unknown; readonly examples?: unknown };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: {
      readonly 'application/json': { readonly schema: { readonly $ref: string }; readonly example?: unknown };
    };
  };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly headers?: object }>>;
}

const text = await readFile(path.join(root, 'openapi.yaml'), 'utf8');
const document = parse(text) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly examples?: readonly unknown[]; readonly enum?: readonly string[] }>
    >;
    readonly responses: Readonly<
      Record<string, { readonly content: Readonly<Record<string, { readonly example?: unknown }>> }>
    >;
  };
};
const operations = Object.entries(document.paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ url, method, ...operation })),
);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi.yaml', ...document });

function findWrong(schema: string, value: unknown): string | null {
  const validate = ajv.compile({ $ref: `openapi.yaml#/components/schemas/${schema}` });
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** Where words to choose from stand without a name. */
function findLists(value: unknown, place: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { enum: words } = value as { readonly enum?: unknown };
  if (Array.isArray(words) && words.length > 1) return [`${place}: ${words.join(' ')}`];
  return Object.entries(value).flatMap(([name, inner]) => findLists(inner, `${place}/${name}`));
}

describe('A8: openapi.yaml is a contract to build on', () => {
  test('what a problem is called is an enum, as is each word of which clients switch on', () => {
    const { schemas } = document.components;
    for (const name of [
      'ProblemCode',
      'RequestState',
      'Reason',
      'Phase',
      'EventType',
      'ApprovalState',
      'DeliveryState',
    ])
      expect([name, (schemas[name]?.enum ?? []).length > 3]).toEqual([name, true]);
    // Each list of words stands once.
    const lists = [...text.matchAll(/enum:\n(?<list>(?: +- .*\n)+)/g)].map(({ groups }) =>
      groups?.['list']?.replaceAll(' ', ''),
    );
    const long = lists.filter((list) => (list ?? '').split('\n').length > 7);
    expect(long.length).toBe(new Set(long).size);
  });

  test('each list of several words has a name', () => {
    const unnamed = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      findLists(schema.enum === undefined ? schema : {}, name),
    );
    expect([...unnamed, ...findLists(document.paths, 'paths')]).toEqual([]);
  });

  test('whatever takes a body says that it may come too slowly', () => {
    const taking = operations.filter(({ responses }) => responses['415'] !== undefined);
    expect(taking.filter(({ responses }) => responses['408'] === undefined)).toEqual([]);
  });

  test('limits of rate are said once, and so is each problem', () => {
    expect(text.match(/Requests allowed in a window/g)).toHaveLength(1);
    const problems = operations
      .flatMap(({ responses }) => Object.entries(responses))
      .filter(([status]) => status >= '400');
    expect(problems.length).toBeGreaterThan(150);
    const inline = problems.filter(([, response]) => response.$ref === undefined);
    // Those of /health and of a probe are no problems: they say how it is.
    expect(inline.map(([status]) => status)).toEqual(['503', '503']);
  });

  test('every body has a name, and header fields are spelled as in HTTP', () => {
    for (const { requestBody } of operations)
      expect(requestBody?.content['application/json'].schema.$ref ?? '#/').toMatch(/^#\//);
    const names = operations
      .flatMap(({ parameters = [] }) => parameters.filter((one) => one.in === 'header'))
      .map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(['Prefer', 'Idempotency-Key', 'Traceparent', 'If-None-Match', 'Last-Event-ID']),
    );
  });

  test('a client made of it compiles a sample of its calls under strict', async () => {
    using folder = createTempFolder();
    const place = (name: string): string => path.join(folder.path, name);
    await symlink(path.join(root, 'node_modules'), place('node_modules'));
    await copyFile(path.join(root, 'tests/fixtures/api-client/sample.ts'), place('sample.ts'));
    const bin = (name: string): string => path.join(root, 'node_modules/.bin', name);
    await run(process.execPath, [
      bin('openapi-typescript'),
      path.join(root, 'openapi.yaml'),
      '-o',
      place('schema.d.ts'),
    ]);
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noEmit'];
    const target = [
      '--target',
      'esnext',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--lib',
      'esnext,dom',
      '--ignoreConfig',
      '--allowImportingTsExtensions',
    ];
    const { stdout } = await run(process.execPath, [bin('tsc'), ...strict, ...target, place('sample.ts')]).catch(
      (error: { readonly stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });
});

describe('A7: what the document shows is true, and what its page fills in does no harm', () => {
  test.each(Object.keys(SCHEMA_EXAMPLES))('the example of %s is one', (name) => {
    expect(findWrong(name, document.components.schemas[name]?.examples?.[0])).toBeNull();
  });

  test('every schema of an answer has one', () => {
    const answered = [...text.matchAll(/application\/json:\n +schema:\n +\$ref: "#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    const bodies = operations.map(({ requestBody }) =>
      requestBody?.content['application/json'].schema.$ref.split('/').at(-1),
    );
    const frames = ['Event'];
    const missing = answered.filter(
      (name) => SCHEMA_EXAMPLES[name] === undefined && !bodies.includes(name) && !frames.includes(name),
    );
    expect(missing).toEqual([]);
  });

  test.each(Object.entries(document.components.responses))('the example of %s is one', (name, { content }) => {
    const example = content['application/problem+json']?.example;
    expect(findWrong('Problem', example)).toBeNull();
    expect(example).toMatchObject({ status: Number(name.replace('Problem', '')) });
  });

  test('nothing that may be left out is filled in', () => {
    const filled = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(({ required }) => required !== true)
        .filter(({ example, schema }) => (example ?? schema.example ?? schema.examples) !== undefined)
        .map(({ name }) => `${operationId} ${name}`),
    );
    expect(filled).toEqual([]);
  });

  const withBody = operations.filter(({ operationId }) => BODY_EXAMPLES[operationId] !== undefined);
  test.each(withBody)(
    'a first try of $operationId, as it is filled in, is no mistake',
    async ({ url, operationId, requestBody }) => {
      const gateway = createFakeGateway();
      await gateway.sessions.create('demo', undefined);
      await using http = await openHttpServer({}, gateway);
      expect(requestBody?.content['application/json'].example).toEqual(BODY_EXAMPLES[operationId]);
      const response = await http.api.post(url.replaceAll(/\{\w+\}/g, 'unknown'), BODY_EXAMPLES[operationId]);
      expect([200, 201, 202, 404, 503]).toContain(response.status);
    },
  );

  test('every body that must be sent has an example', () => {
    const must = operations
      .filter(({ requestBody }) => requestBody?.required === true)
      .map(({ operationId }) => operationId);
    expect(must.filter((id) => BODY_EXAMPLES[id] === undefined)).toEqual([]);
  });
});

test('docs/errors.md names every code with a cause and a way out', async () => {
  const page = await readFile(path.join(root, 'docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| \d{3} \| [^|]{10,} \| [^|]{5,} \|$/gm)].map(([, code]) => code);
  expect(rows).toEqual(document.components.schemas['ProblemCode']?.enum);
});
