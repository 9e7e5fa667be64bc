import { describe, expect, test } from '@jest/globals';
import type { ThreadRecord } from '../../src/core/model/thread.ts';
import { type OpenStore, T0, withStore } from './store-fixtures.ts';

const aThread = (threadId: string, overrides: Partial<ThreadRecord> = {}): ThreadRecord => ({
  transport: 'task',
  chat: '',
  threadId,
  workspace: `task-${threadId}`,
  name: 'Daily post – née 🚪',
  createdAt: T0,
  ...overrides,
});

export function describeThreads(open: OpenStore): void {
  describe('threads', () => {
    test('a thread is bound once, and one that is bound is returned as it is', () =>
      withStore(open, async ({ store }) => {
        const [first, second] = await Promise.all([
          store.bindThread(aThread('7')),
          store.bindThread(aThread('7', { workspace: 'other', name: 'x', createdAt: T0 + 1 })),
        ]);
        expect(first).toEqual({ thread: aThread('7'), created: true });
        expect(second).toEqual({ thread: aThread('7'), created: false });
        expect(await store.countThreads()).toBe(1);
      }));

    test('a thread is found by its id, also by the next process', () =>
      withStore(open, async (bench) => {
        await bench.store.bindThread(aThread('7'));
        const store = await bench.reopen();
        expect(await store.findThreads('7')).toEqual([aThread('7')]);
        expect(await store.readThread({ transport: 'task', chat: '', threadId: '7' })).toEqual(aThread('7'));
        expect(await store.findThreads('8')).toEqual([]);
        expect(await store.readThread({ transport: 'telegram', chat: '', threadId: '7' })).toBeNull();
      }));

    test.each(['9223372036854775808', `1${'0'.repeat(30)}`, '9007199254740993', '0'])('the id %s stays exact', (id) =>
      withStore(open, async ({ store }) => {
        await store.bindThread(aThread(id));
        expect((await store.findThreads(id)).map(({ threadId }) => threadId)).toEqual([id]);
        expect(await store.findThreads(`${id}1`)).toEqual([]);
      }),
    );

    test('an id that two transports have is found in both, the one that was bound last first', () =>
      withStore(open, async ({ store }) => {
        await store.bindThread(aThread('7', { createdAt: T0 + 1 }));
        await store.bindThread(aThread('7', { transport: 'telegram', workspace: 'telegram-7' }));
        expect((await store.findThreads('7')).map(({ transport }) => transport)).toEqual(['telegram', 'task']);
        expect((await store.readThread({ transport: 'task', chat: '', threadId: '7' }))?.transport).toBe('task');
      }));

    test('of equal ids in two chats are two, and each can be bound to another workspace', () =>
      withStore(open, async ({ store }) => {
        const one = aThread('7', { transport: 'telegram', chat: '-1', workspace: 'one' });
        const two = { ...one, chat: '-2', workspace: 'two' };
        expect([(await store.bindThread(one)).created, (await store.bindThread(two)).created]).toEqual([true, true]);
        expect(await store.rebindThread(two, 'demo')).toEqual({ ...two, workspace: 'demo' });
        expect(await store.readThread(one)).toEqual(one);
        expect(await store.rebindThread({ ...one, chat: '-3' }, 'demo')).toBeNull();
      }));

    test('a message that is refused is noted, and what is said to it is owed, in one step', async () =>
      withStore(open, async (bench) => {
        await bench.store.bindThread(aThread('7'));
        const refusal = { place: aThread('7'), messageId: '5', to: 'telegram:-100:7', text: 'It is too large.' };
        await bench.store.refuseMessage(refusal, 9);
        expect(await bench.store.isHandled(aThread('7'), '5')).toBe(true);
        const event = { type: 'message.refused', at: 9, data: { messageId: '5', text: 'It is too large.' } };
        expect(await bench.store.readLaneHead('telegram:-100:7')).toMatchObject({
          delivery: { kind: 'notice', state: 'waiting', requestId: null, event },
        });
      }));

    test('of a known thread it is remembered of which messages nothing came, also by the next process', () =>
      withStore(open, async (bench) => {
        await bench.store.bindThread(aThread('7'));
        for (let id = 0; id < 110; id += 1) await bench.store.noteHandled(aThread('7'), String(id));
        await bench.store.noteHandled(aThread('8'), '1');
        const store = await bench.reopen();
        const asked = await Promise.all(['9', '10', '109'].map((id) => store.isHandled(aThread('7'), id)));
        expect(asked).toEqual([false, true, true]);
        expect(await store.isHandled(aThread('8'), '1')).toBe(false);
        expect(await store.findThreads('7')).toEqual([aThread('7')]);
      }));

    test('threads are listed newest first, up to a limit, and counted', () =>
      withStore(open, async ({ store }) => {
        expect([await store.listThreads(9), await store.countThreads()]).toEqual([[], 0]);
        for (const id of ['1', '2', '3']) await store.bindThread(aThread(id));
        expect((await store.listThreads(2)).map(({ threadId }) => threadId)).toEqual(['3', '2']);
        expect(await store.countThreads()).toBe(3);
      }));
  });
}
