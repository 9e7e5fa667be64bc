import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Value } from 'typebox/value';
import { hasCode, toCode } from '../../lib/error-code.ts';
import { type HookEntry, isPlugin, toEntry } from './entry.ts';
import { type HookField, HookSchema, type HookSetting, SAYS } from './schema.ts';

/** Each problem names its place in the file and repeats no value. */
export class HooksFileError extends Error {
  override readonly name = 'HooksFileError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.map((problem) => `HOOKS_FILE: ${problem}`).join('\n'));
    this.problems = problems;
  }
}

/** The hooks of a file, in order.
 *  @throws HooksFileError with every problem at once. */
export async function readHooksFile(file: string): Promise<readonly HookEntry[]> {
  const given = toList(await readJson(file));
  const problems: string[] = [];
  const settings = given.map((value, at) => check(value, `hooks[${at}]`, problems));
  const names = settings.map(nameOf);
  const entries: HookEntry[] = [];
  for (const [at, setting] of settings.entries()) {
    const name = names[at];
    if (setting === null || name === undefined || name === null) continue;
    const ref = path.resolve(path.dirname(file), setting.ref);
    problems.push(...(await findTrouble(ref, `hooks[${at}].ref`)), ...findSame(names, at));
    entries.push(toEntry(setting, name, ref));
  }
  if (problems.length > 0) throw new HooksFileError(problems);
  return entries;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HooksFileError([`cannot be read (${toCode(error)})`]);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    // Of its message only the place: the rest may quote a secret of the file.
    const [place = ''] = /position \d+(?: \(line \d+ column \d+\))?/.exec(String(error)) ?? [];
    throw new HooksFileError([`is no JSON${place === '' ? '' : ` at ${place}`}`]);
  }
}

function toList(value: unknown): readonly unknown[] {
  const fields = toRecord(value);
  const unknown = Object.keys(fields).filter((name) => name !== 'hooks' && name !== '$schema');
  const problems = unknown.map((name) => `${name}: is not known`);
  const { hooks } = fields;
  if (!Array.isArray(hooks)) problems.push('hooks: must be a list of hooks');
  if (problems.length > 0) throw new HooksFileError(problems);
  return hooks as readonly unknown[];
}

/** Null when it has a problem. */
function check(value: unknown, place: string, problems: string[]): HookSetting | null {
  const before = problems.length;
  const fields = toRecord(value);
  if (Object.keys(fields).length === 0) problems.push(`${place}: must be an object with ref and events`);
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(SAYS, name)) problems.push(`${place}.${name}: is not known`);
  }
  const isRequired = (name: string): boolean => (HookSchema.required as readonly string[]).includes(name);
  for (const [name, schema] of Object.entries(HookSchema.properties)) {
    const says = SAYS[name as HookField];
    if (fields[name] === undefined && !isRequired(name)) continue;
    if (fields[name] === undefined) problems.push(`${place}.${name}: is missing; it must be ${says}`);
    else if (!Value.Check(schema, fields[name])) problems.push(`${place}.${name}: must be ${says}`);
  }
  return problems.length === before ? (fields as HookSetting) : null;
}

function nameOf(setting: HookSetting | null): string | null {
  if (setting === null) return null;
  return setting.name ?? toName(setting.ref);
}

/** `./office-hours.sh` → `office-hours`. */
export function toName(ref: string): string {
  const plain = path.parse(ref).name.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return plain.replace(/^[-_]+/, '').slice(0, 63) || 'hook';
}

function findSame(names: readonly (string | null)[], at: number): readonly string[] {
  const first = names.indexOf(names[at] ?? null);
  return first === at ? [] : [`hooks[${at}].name: is that of hooks[${first}], too; give it another one`];
}

/** What keeps a file from being run. */
export async function findTrouble(ref: string, place: string): Promise<readonly string[]> {
  try {
    if (!(await stat(ref)).isFile()) return [`${place}: is no file`];
    await access(ref, isPlugin(ref) ? constants.R_OK : constants.X_OK);
    return [];
  } catch (error) {
    if (!hasCode(error, 'EACCES')) return [`${place}: names a file that does not exist`];
    return [`${place}: ${isPlugin(ref) ? 'may not be read' : 'may not be run: chmod +x it, or end it in .mjs or .ts'}`];
  }
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}
