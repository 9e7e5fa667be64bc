import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { createTempFolder } from '../helpers/temp-folder.ts';

const config = resolve('tests/architecture/layers.cjs');
const depcruise = resolve('node_modules/.bin/depcruise');

/** The rooms of each hall, floor by floor. */
const halls = createRequire(import.meta.url)('./rooms.cjs') as Readonly<Record<string, readonly (readonly string[])[]>>;

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

function findViolations(folder: string): readonly string[] {
  const args = ['src', '--config', config, '--output-type', 'json'];
  const { stdout } = spawnSync(depcruise, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { summary }: { summary: { violations: readonly Violation[] } } = JSON.parse(stdout);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

// That the house itself keeps them is seen by `npm run check`.
describe('each rule bites', () => {
  // Rule, a folder of `src`, and what a file there may not import.
  const planted = [
    ['core-is-pure', 'core/flows', 'node:fs'],
    ['core-is-pure', 'core/flows', '../../lib/fine.ts'],
    ['model-imports-only-model', 'core/model', '../ports/fine.ts'],
    ['ports-import-only-model', 'core/ports', '../flows/fine.ts'],
    ['adapters-are-strangers', 'store', '../http/fine.ts'],
    ['adapters-do-not-climb', 'http', '../compose.ts'],
    ['adapters-see-no-flows', 'http', '../core/flows/fine.ts'],
    ['lib-and-config-stand-alone', 'config', '../http/fine.ts'],
    ['only-compose-joins', 'cli', '../http/fine.ts'],
    ['client-stands-alone', 'client', '../core/fine.ts'],
    ['one-room-openapi-fetch', 'http', 'openapi-fetch'],
    ['one-room-commander', 'http', 'commander'],
    ['one-room-fastify', 'store', 'fastify'],
    ['one-room-kysely', 'http', 'kysely'],
    ['one-room-sqlite', 'http', 'node:sqlite'],
    ['one-room-prom-client', 'http', 'prom-client'],
    ['one-room-postgres', 'store/sqlite', 'pg'],
    ['one-room-pino', 'http', 'pino'],
    ['one-room-opentelemetry', 'metrics', '@opentelemetry/sdk-trace'],
    ['one-room-node-pty', 'http', 'node-pty'],
    ['one-room-telegraf', 'core/flows', 'telegraf'],
    ['one-room-discord', 'transports/telegram', 'discord.js'],
    ['one-room-markdown', 'transports/discord', 'mdast-util-from-markdown'],
    ['no-cycles', 'lib', './cycle.ts'],
    ['no-orphans', 'lib', ''],
  ] as const;

  const climbs = Object.entries(halls).flatMap(([hall, floors]) => listClimbs(hall, floors));
  const schemas = join('src', 'http', 'requests', 'planted-schemas.ts');
  const climber = join('src', 'http', 'door', 'planted-climber.ts');
  let violations: readonly string[] = [];
  beforeAll(() => {
    using folder = createProject();
    for (const [at, [rule, room, imported]] of planted.entries()) {
      const file = join('src', room, `${rule}-${at}.ts`);
      plant(folder.path, file, imported === '' ? '' : `import '${imported}';\n`);
      const back = rule === 'no-cycles' ? `import './${rule}-${at}.ts';\n` : '';
      if (imported.startsWith('.')) plant(folder.path, join(dirname(file), imported), back);
    }
    for (const [, to] of climbs) plant(folder.path, to, '');
    // A file may be the one that climbs and the one that is climbed to.
    for (const [from, targets = []] of Map.groupBy(climbs, ([from]) => from)) {
      plant(folder.path, from, targets.map(([, to]) => `import '${toSpecifier(from, to)}';\n`).join(''));
    }
    plant(folder.path, schemas, '');
    plant(folder.path, climber, `import '${toSpecifier(climber, schemas)}';\n`);
    violations = findViolations(folder.path);
  });

  test.each(planted.map(([rule, room, imported], at) => [rule, room, imported, at] as const))(
    '%s, in %s, on %j',
    (rule, room, _imported, at) => {
      // A cycle is told of one of its files.
      const from = `src/${room}/(${rule}-${at}|cycle)\\.ts`;
      expect(violations).toContainEqual(expect.stringMatching(`^${rule}: ${from} → `));
    },
  );

  test('on a room that imports from a higher floor, or from its neighbour', () => {
    for (const [from, to] of climbs)
      expect(violations).toContainEqual(expect.stringMatching(`^rooms-of-.*: ${from} → ${to}`));
  });

  test('on a lower floor of http that imports the schemas of a resource', () => {
    expect(violations).toContain(`rooms-of-http: ${climber} → ${schemas}`);
  });

  test('no rule is without such a file', () => {
    const { forbidden }: { forbidden: readonly { name: string }[] } = createRequire(import.meta.url)(config);
    const proven = new Set<string>(planted.map(([rule]) => rule));
    for (const hall of Object.keys(halls)) proven.add(`rooms-of-${hall.replaceAll('/', '-')}`);
    expect(forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});

describe('a hall', () => {
  test.each(Object.entries(halls))('%s has no file and no room that its floors do not name', (hall, floors) => {
    const known = floors.flat().map((name) => name.replace('./', ''));
    const found = listFiles(join('src', hall)).map((file) => relative(join('src', hall), file));
    expect(found.filter((file) => !known.some((name) => file === name || file.startsWith(`${name}/`)))).toEqual([]);
  });
});

describe('sizes', () => {
  const files = listFiles('src');

  test('no file has more than 300 lines', () => {
    const written = new Set(['src/client/api.ts']);
    const long = files.filter((file) => !written.has(file) && readFileSync(file, 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });

  test('no folder holds more than 12 files', () => {
    const counts = Object.entries(Object.groupBy(files, (file) => dirname(file)));
    expect(counts.filter(([, inside = []]) => inside.length > 12).map(([folder]) => folder)).toEqual([]);
  });
});

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A file of each room with one of a room above it or beside it. */
function listClimbs(hall: string, floors: readonly (readonly string[])[]): readonly (readonly [string, string])[] {
  return floors.flatMap((floor, at) =>
    floor.flatMap((room, place) => {
      const others = [...(floors[at - 1] ?? []).slice(0, 1), ...floor.slice(place + 1, place + 2)];
      return others.map((other) => [toFile(hall, room), toFile(hall, other, 'climbed')] as const);
    }),
  );
}

function toFile(hall: string, room: string, name = 'climber'): string {
  return join('src', hall, room.startsWith('./') ? room : join(room, `${name}.ts`));
}

function toSpecifier(from: string, to: string): string {
  const specifier = relative(dirname(from), to);
  return specifier.startsWith('.') ? specifier : `./${specifier}`;
}

function createProject() {
  const folder = createTempFolder();
  writeFileSync(join(folder.path, 'tsconfig.json'), '{ "include": ["src"] }');
  writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules'), join(folder.path, 'node_modules'));
  return folder;
}

function plant(folder: string, file: string, content: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${content}export const planted = 1;\n`);
}
