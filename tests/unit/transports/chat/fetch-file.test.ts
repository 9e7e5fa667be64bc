import { describe, expect, test } from '@jest/globals';
import { fetchFile, type NotYet, readUpTo } from '../../../../src/transports/chat/fetch-file.ts';

const FETCHED = { kind: 'fetched', bytes: Buffer.from('x') } as const;
const LATER: NotYet = { kind: 'not_yet', afterMs: 0 };
const OPEN = new AbortController().signal;

describe('a file', () => {
  const options = { network: 'Somewhere', signal: OPEN, retryMs: 1 };

  test('is tried three times, whatever goes wrong', async () => {
    let tries = 0;
    const failing = async (): Promise<NotYet> => {
      tries += 1;
      if (tries === 2) throw new Error('broke');
      return LATER;
    };
    expect(await fetchFile(options, failing)).toEqual({
      kind: 'failed',
      why: 'could not be fetched from Somewhere',
    });
    expect(tries).toBe(3);
  });

  test('that may be there next time is fetched then, and what is refused is not asked for again', async () => {
    const answers = [LATER, FETCHED];
    expect(await fetchFile(options, async () => answers.shift() ?? LATER)).toEqual(FETCHED);
    const refused = [{ kind: 'failed', why: 'is gone' } as const, FETCHED];
    expect(await fetchFile(options, async () => refused.shift() ?? LATER)).toEqual({ kind: 'failed', why: 'is gone' });
  });

  test('is not waited for beyond its time, when the network asks for more patience', async () => {
    const began = performance.now();
    const patient = async (): Promise<NotYet> => ({ kind: 'not_yet', afterMs: 3_600_000 });
    expect(await fetchFile(options, patient)).toMatchObject({ kind: 'failed' });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('that takes too long says so, and one that nobody wants any more comes to nothing', async () => {
    const silent = (until: AbortSignal): Promise<never> =>
      new Promise((_, reject) => until.addEventListener('abort', () => reject(new Error('aborted'))));
    const late = await fetchFile({ ...options, withinMs: 20 }, silent);
    expect(late).toEqual({ kind: 'failed', why: 'takes too long to be fetched from Somewhere' });
    const closing = new AbortController();
    const fetching = fetchFile({ ...options, signal: closing.signal }, silent);
    closing.abort(new Error('closing'));
    await expect(fetching).rejects.toThrow('closing');
  });
});

test('what is read ends where it becomes too much', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.from(`${(given += 1)}`);
  }
  expect(await readUpTo(endless(), 3)).toBeNull();
  expect(given).toBe(4);
  async function* three(): AsyncGenerator<Uint8Array> {
    yield* ['a', 'b', 'c'].map((text) => Buffer.from(text));
  }
  expect(await readUpTo(three(), 3)).toEqual(Buffer.from('abc'));
});
