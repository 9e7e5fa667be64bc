import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const npm = { PATH: process.env['PATH'], HOME: tmpdir() };

let folder: string;
let installed: string;

/** As `npm install` leaves it, but for its dependencies, which are those of this project. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-package-'));
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { env: npm });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', path.join(folder, tarball), '-C', folder]);
  installed = path.join(folder, 'package');
  await symlink(path.resolve('node_modules'), path.join(installed, 'node_modules'));
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the packed project has the command gatehouse', async () => {
  const { stdout } = await run(process.execPath, [path.join(installed, 'bin/gatehouse.mjs'), 'version']);
  expect(stdout).toBe('0.1.0\n');
});

test('the packed project holds what was compiled, and neither tests nor other sources', async () => {
  const all = await readdir(installed, { recursive: true });
  const sources = all.filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('node_modules'),
  );
  expect(sources).toEqual(['src/core/model/hooks/contexts.ts']);
  expect(all).toEqual(
    expect.arrayContaining(['dist/main.js', 'public/home.html', 'openapi.yaml', 'README.md', 'LICENSE']),
  );
});

test('its client compiles and runs for others', async () => {
  const project = path.join(folder, 'project');
  await mkdir(path.join(project, 'node_modules'), { recursive: true });
  await symlink(installed, path.join(project, 'node_modules/gatehouse'));
  await writeFile(path.join(project, 'package.json'), '{"type": "module"}');
  const program = `import { createGatehouseClient, type Schemas } from 'gatehouse/client';
const client = createGatehouseClient({ url: 'http://127.0.0.1:1', key: 'key' });
export async function states(): Promise<readonly Schemas['RequestState'][]> {
  const { data } = await client.GET('/requests', { params: { query: { limit: 5 } } });
  return data?.requests.map(({ state }) => state) ?? [];
}
console.log(typeof client.followRequest);
`;
  await writeFile(path.join(project, 'sample.ts'), program);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--ignoreConfig', '--target', 'esnext'];
  const args = [...strict, '--module', 'nodenext', '--lib', 'esnext,dom', '--types', 'node', 'sample.ts'];
  const tsc = path.resolve('node_modules/typescript/bin/tsc');
  await symlink(path.resolve('node_modules/@types'), path.join(project, 'node_modules/@types'));
  expect(spawnSync(process.execPath, [tsc, ...args], { cwd: project, encoding: 'utf8' }).stdout).toBe('');
  const { stdout } = await run(process.execPath, ['sample.ts'], { cwd: project });
  expect(stdout).toBe('function\n');
});

const old = findOldNode();
const name = 'an older Node is told what is needed';
(old === null ? test.skip : test)(old === null ? `${name} (none is in PATH: skipped)` : name, async () => {
  await rm(path.join(installed, 'node_modules'));
  const { status, stderr } = spawnSync(old ?? '', [path.join(installed, 'bin/gatehouse.mjs'), 'version'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^gatehouse needs Node 24 or later; this is v\d+/)]);
});

function findOldNode(): string | null {
  const own = path.dirname(process.execPath);
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const others = folders
    .filter((one) => one !== own && !one.includes('node_modules'))
    .map((one) => path.join(one, 'node'));
  const isOld = (file: string): boolean =>
    /^v(1\d|2[0-3])\./.test(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? '');
  return others.find(isOld) ?? null;
}
