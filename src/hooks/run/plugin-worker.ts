// The thread of one plugin: reads its module, and calls it for one event after the other.
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { endBelowThread } from '../../lib/end-tree.ts';
import { exportsNone, type RunEnd, type RunOrder, toComplaint, toExport } from './order.ts';
import type { PluginSeat } from './plugin-thread.ts';

type Module = Readonly<Record<string, unknown>>;

const { ref, tid } = workerData as PluginSeat;
Atomics.store(tid, 0, readThreadId());
// Where it ends by itself, nobody else could find any more what it started.
process.on('exit', () => endBelowThread(Atomics.load(tid, 0), () => {}));

const loaded = import(pathToFileURL(ref).href) as Promise<Module>;
// Told when it is called.
loaded.catch(() => {});

parentPort?.on('message', (call: Pick<RunOrder, 'event' | 'input'>) => {
  void answer(call).then((word) => parentPort?.postMessage(word));
});

async function answer({ event, input }: Pick<RunOrder, 'event' | 'input'>): Promise<RunEnd> {
  const module = await loaded.catch(toComplaint);
  if (typeof module === 'string') return { kind: 'failed', why: 'cannot be loaded', complaint: module };
  const act = find(module, toExport(event));
  if (act === null) return { kind: 'failed', why: exportsNone(event), complaint: '' };
  try {
    const said: unknown = await act(toContext(input));
    if (said === undefined) return { kind: 'done', text: '', complaint: '' };
    // Of a function it makes nothing, which is not what it means by nothing.
    const text = JSON.stringify(said) as string | undefined;
    if (text === undefined) return { kind: 'failed', why: 'returned what is no JSON', complaint: '' };
    return { kind: 'done', text, complaint: '' };
  } catch (error) {
    return { kind: 'failed', why: 'threw an error', complaint: toComplaint(error) };
  }
}

/** 0 where the system does not tell: what it starts is not found then. */
function readThreadId(): number {
  try {
    return Number(path.basename(readlinkSync('/proc/thread-self')));
  } catch {
    return 0;
  }
}

function find(module: Module, name: string): ((context: unknown) => unknown) | null {
  const { default: others } = module;
  const found = module[name] ?? (typeof others === 'object' && others !== null ? (others as Module)[name] : undefined);
  return typeof found === 'function' ? (found as (context: unknown) => unknown) : null;
}

const FLAT: ReadonlySet<string> = new Set(['sender_id', 'chat_id', 'thread_id']);

/** The flat ids are for programs: here they would lose digits. */
function toContext(input: string): unknown {
  const told = Object.entries(JSON.parse(input) as Module);
  return Object.fromEntries(told.filter(([name]) => !FLAT.has(name)));
}
