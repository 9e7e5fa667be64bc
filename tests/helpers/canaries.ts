import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** What is found of it when a secret lies where it does not belong: its random part, so that half of a secret is found too. */
export interface Canary {
  readonly name: string;
  readonly core: string;
}

/** Random text that no other secret has. */
export function createCore(): string {
  return `canary${randomBytes(12).toString('hex')}`;
}

/** The names of those that a text holds, as they are or in base64. */
export function findCanaries(canaries: readonly Canary[], text: string): readonly string[] {
  return canaries.filter(({ core }) => formsOf(core).some((form) => text.includes(form))).map(({ name }) => name);
}

/** In base64 it looks different at each of three places; the letters at its ends belong to what stands beside it. */
function formsOf(core: string): readonly string[] {
  const shifted = [0, 1, 2].map((places) => {
    const form = Buffer.from(`${'x'.repeat(places)}${core}`)
      .toString('base64')
      .replace(/=+$/, '');
    return form.slice(places === 0 ? 0 : places + 1, -2);
  });
  return [core, ...shifted];
}

export interface ProcessWatch extends Disposable {
  /** All that any process was started with, as long as it was watched. */
  readonly commands: ReadonlySet<string>;
}

/** Looks at the command lines of this machine again and again: some programs live for a moment. */
export function watchCommands(everyMs: number): ProcessWatch {
  const commands = new Set<string>();
  const look = (): void => {
    for (const pid of listProcesses()) commands.add(readOf(pid, 'cmdline'));
  };
  look();
  const timer = setInterval(look, everyMs);
  return { commands, [Symbol.dispose]: () => clearInterval(timer) };
}

export function listProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that is gone. */
export function readOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', '\n');
  } catch {
    return '';
  }
}
