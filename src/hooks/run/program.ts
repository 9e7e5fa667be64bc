import path from 'node:path';
import { endGroup, endTree } from '../../lib/end-tree.ts';
import { collect, drained } from '../../lib/pipes.ts';
import { startProgram } from '../../lib/start-program.ts';
import { COMPLAINT_MAX_BYTES, OUTPUT_MAX_BYTES, type RunEnd, type RunOrder, TOO_MUCH, tooLate } from './order.ts';

/** Runs a program in a group of its own, with its JSON on stdin. It ends with all that it started: at its own end, when it
 *  is out of time, when it prints too much, and when the signal aborts. */
export function runProgram(
  { ref, input, timeoutMs, env }: Pick<RunOrder, 'ref' | 'input' | 'timeoutMs' | 'env'>,
  signal: AbortSignal,
): Promise<RunEnd> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const { promise, resolve, reject } = Promise.withResolvers<RunEnd>();
  const child = startProgram(ref, [], { cwd: path.dirname(ref), env, detached: true }, ({ code, name }) =>
    resolve({ kind: 'failed', why: `cannot be run (${code ?? name})`, complaint: '' }),
  );
  if (child === null) return promise;
  const said = collect(child.stdout, OUTPUT_MAX_BYTES, () => fail(TOO_MUCH));
  const complained = collect(child.stderr, COMPLAINT_MAX_BYTES);
  const late = setTimeout(() => fail(tooLate(timeoutMs)), timeoutMs);
  let isOver = false;
  /** Who holds its pipes matters to nobody from here on. */
  const over = (): void => {
    isOver = true;
    clearTimeout(late);
    signal.removeEventListener('abort', give);
    if (child.exitCode === null && child.signalCode === null) endTree(child.pid);
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  };

  const give = (): void => {
    over();
    reject(signal.reason as Error);
  };

  function fail(why: string): void {
    over();
    resolve({ kind: 'failed', why, complaint: complained().toString() });
  }

  signal.addEventListener('abort', give, { once: true });
  child.once('error', over);
  child.once('exit', (code, by) => {
    if (isOver) return;
    endGroup(child.pid);
    drained(child, () => {
      if (isOver) return;
      if (code !== 0) return fail(code === null ? `was ended by ${by}` : `exited with ${code}`);
      over();
      resolve({ kind: 'done', text: said().toString(), complaint: complained().toString() });
    });
  });
  // One that ends before it has read its input is told by how it ends.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return promise;
}
