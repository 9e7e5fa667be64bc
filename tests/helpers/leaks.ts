import os from 'node:os';

/** What an answer must not show: which code ran, and, where it says no, where files lie. Sessions tell how to attach. */
export function findLeaks(status: number, text: string, folders: readonly string[]): readonly string[] {
  const code = [process.cwd(), 'node_modules', '.ts:'];
  const files = [...folders, os.homedir()];
  return [...code, ...(status < 400 ? [] : files)].filter((leak) => text.includes(leak));
}
