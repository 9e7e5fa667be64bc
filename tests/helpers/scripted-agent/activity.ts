import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Conversation } from './conversation.ts';
import type { Shown } from './view.ts';

/** How far the real CLI's word of what it does lags behind it. */
const LAG_MS = 60;

/** The file in which each process of the real CLI says what it does. */
export interface ActivityFile {
  tell(shown: Shown): void;
}

export function openActivityFile(home: string, conversation: Conversation): ActivityFile {
  const folder = path.join(home, '.claude', 'sessions');
  const file = path.join(folder, `${process.pid}.json`);
  const startedAt = Date.now();
  let told = '';
  let timer: NodeJS.Timeout | null = null;
  let next = 'idle';

  function write(): void {
    timer = null;
    const said = JSON.stringify({ pid: process.pid, sessionId: conversation.id, startedAt, status: next });
    if (said !== told) writeFileSync(file, said);
    told = said;
  }

  mkdirSync(folder, { recursive: true });
  write();
  process.on('exit', () => rmSync(file, { force: true }));
  return {
    tell(shown) {
      next = toStatus(shown);
      timer ??= setTimeout(write, LAG_MS).unref();
    },
  };
}

function toStatus({ dialog, status, tasks }: Shown): string {
  if (dialog !== null) return 'waiting';
  if (status !== null) return 'busy';
  return tasks > 0 ? 'shell' : 'idle';
}
