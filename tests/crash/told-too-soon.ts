/** What a trace says of requests that were accepted. */
export interface Order {
  /** Those whose 202 was written. */
  readonly told: readonly string[];
  /** Of these, those whose row was not on disk by then. */
  readonly tooSoon: readonly string[];
}

const WAL = '-wal>';
const REQUEST = /req-[\w-]+/g;

/** Reads what `strace -f -y` wrote: a row is on disk once a sync of the log began behind the write that holds it, and
 *  ended. */
export function readOrder(trace: string): Order {
  const written = new Set<string>();
  const onDisk = new Set<string>();
  /** By thread, what a sync that has begun will have put on disk. */
  const syncing = new Map<string, readonly string[]>();
  const told: string[] = [];
  const tooSoon: string[] = [];
  for (const line of trace.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (/^f(?:data)?sync\(/.test(call) && call.includes(WAL)) syncing.set(thread, [...written]);
    if (/^(?:f(?:data)?sync\(|<\.\.\. f(?:data)?sync resumed>)/.test(call) && / = 0$/.test(call)) {
      for (const id of syncing.get(thread) ?? []) onDisk.add(id);
      syncing.delete(thread);
    }
    if (/^pwrite(?:64|v)\(/.test(call) && call.includes(WAL)) for (const id of idsIn(call)) written.add(id);
    if (!/^(?:write|writev|sendto|sendmsg)\(/.test(call) || !call.includes('HTTP/1.1 202 ')) continue;
    for (const id of idsIn(call)) {
      told.push(id);
      if (!onDisk.has(id)) tooSoon.push(id);
    }
  }
  return { told, tooSoon };
}

function idsIn(call: string): readonly string[] {
  return [...new Set([...call.matchAll(REQUEST)].map(([id]) => id))];
}
