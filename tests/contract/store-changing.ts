import { describe, expect, test } from '@jest/globals';
import { aRequest, enqueue, eventTypes, mustClaim, type OpenStore, T0, withStore } from './store-fixtures.ts';

const OTHER = { prompt: 'other words', altered: [] };

export function describeChanging(open: OpenStore): void {
  describe('what waits', () => {
    test('gets another prompt at its place, with its event', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('first'), aRequest('second'));
        expect(await store.changePrompt('first', OTHER, T0)).toBe(true);
        expect((await eventTypes(store)).at(-1)).toBe('request.changed');
        expect(await mustClaim(store)).toMatchObject({ id: 'first', prompt: 'other words' });
      }));

    test('is not changed any more once it runs', () =>
      withStore(open, async ({ store }) => {
        await enqueue(store, aRequest('first', { prompt: 'its words' }));
        await mustClaim(store);
        expect(await store.changePrompt('first', OTHER, T0)).toBe(false);
        expect((await store.readRequest('first'))?.prompt).toBe('its words');
      }));

    test('and what runs for an address is found, whatever its workspace, newest first', () =>
      withStore(open, async ({ store }) => {
        const replyTo = 'telegram:-100:7';
        await enqueue(
          store,
          aRequest('runs', { replyTo }),
          aRequest('for-another', { replyTo: 'telegram:-100:8', workspace: 'b' }),
          aRequest('waits', { replyTo, workspace: 'c' }),
        );
        await mustClaim(store);
        const ids = async (limit: number) => (await store.listUnendedFor(replyTo, limit)).map(({ id }) => id);
        expect([await ids(9), await ids(1)]).toEqual([['waits', 'runs'], ['waits']]);
      }));
  });
}
