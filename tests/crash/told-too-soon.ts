/** What a trace says of requests that were accepted. */
export interface Order {
  /** Those whose 202 was written. */
  readonly told: readonly string[];
  /** Of these, those whose row was not on disk by then. */
  readonly tooSoon: readonly string[];
}

const LOG = /-wal>|\/pg_wal\//;
const REQUEST = /req-[\da-z]+-[\w-]{16}/g;

/** Reads what `strace -f -y` wrote: a row is on disk once a sync of the log began behind the write that holds it, and
 *  ended. */
export function readOrder(trace: string): Order {
  const disk = createDisk();
  const written = new Set<string>();
  const told = createTold((id) => disk.has(id));
  for (const { thread, call } of callsIn(trace)) {
    disk.see(thread, call, written);
    if (isLogWrite(call)) for (const id of idsIn(call)) written.add(id);
    told.see(call);
  }
  return told;
}

/** The same of a gateway and the backends of its Postgres under one tracer. There the row is on disk once the log was
 *  written behind the COMMIT that a backend was sent, with the row in it by then, and a sync that began behind that write
 *  ended; and it may be told once that backend has answered the COMMIT, which it may not before. */
export function readPostgresOrder(trace: string): Order {
  const disk = createDisk();
  /** By backend, what it was sent since its last COMMIT. */
  const sent = new Map<string, Set<string>>();
  const committing = new Map<string, Set<string>>();
  const inLog = new Set<string>();
  const written = new Set<string>();
  const answered = new Set<string>();
  const told = createTold((id) => answered.has(id));
  for (const { thread, call } of callsIn(trace)) {
    disk.see(thread, call, written);
    if (/^(?:recvfrom\(|<\.\.\. recvfrom resumed>)/.test(call)) {
      const ids = sent.get(thread) ?? new Set();
      sent.set(thread, ids);
      for (const id of idsIn(call)) ids.add(id);
      if (!call.includes('COMMIT\\0')) continue;
      committing.set(thread, ids);
      sent.delete(thread);
    }
    if (isLogWrite(call)) {
      for (const id of idsIn(call)) inLog.add(id);
      for (const ids of committing.values()) for (const id of ids) if (inLog.has(id)) written.add(id);
    }
    if (/^sendto\(/.test(call) && call.includes('COMMIT\\0')) {
      for (const id of committing.get(thread) ?? []) if (disk.has(id)) answered.add(id);
      committing.delete(thread);
    }
    told.see(call);
  }
  return told;
}

function* callsIn(trace: string): Generator<{ readonly thread: string; readonly call: string }> {
  for (const line of trace.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    yield { thread, call };
  }
}

interface Disk {
  /** `written`: what a sync that begins now puts on disk. */
  see(thread: string, call: string, written: ReadonlySet<string>): void;
  has(id: string): boolean;
}

function createDisk(): Disk {
  const onDisk = new Set<string>();
  /** By thread, what a sync that has begun will have put on disk. */
  const syncing = new Map<string, readonly string[]>();
  return {
    see(thread, call, written) {
      if (/^f(?:data)?sync\(/.test(call) && LOG.test(call)) syncing.set(thread, [...written]);
      if (!/^(?:f(?:data)?sync\(|<\.\.\. f(?:data)?sync resumed>)/.test(call) || !/ = 0$/.test(call)) return;
      for (const id of syncing.get(thread) ?? []) onDisk.add(id);
      syncing.delete(thread);
    },
    has: (id) => onDisk.has(id),
  };
}

function isLogWrite(call: string): boolean {
  return /^pwrite(?:64|v)\(/.test(call) && LOG.test(call.slice(0, call.indexOf('"')));
}

function createTold(mayBeTold: (id: string) => boolean): Order & { readonly see: (call: string) => void } {
  const told: string[] = [];
  const tooSoon: string[] = [];
  return {
    told,
    tooSoon,
    see(call) {
      if (!/^(?:write|writev|sendto|sendmsg)\(/.test(call) || !call.includes('HTTP/1.1 202 ')) return;
      for (const id of idsIn(call)) {
        told.push(id);
        if (!mayBeTold(id)) tooSoon.push(id);
      }
    },
  };
}

function idsIn(call: string): readonly string[] {
  return [...new Set([...call.matchAll(REQUEST)].map(([id]) => id))];
}
