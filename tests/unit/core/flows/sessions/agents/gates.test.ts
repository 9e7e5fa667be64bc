import { describe, expect, test } from '@jest/globals';
import { createGates } from '../../../../../../src/core/flows/sessions/agents/gates.ts';

describe('a gate', () => {
  test('is closed while somebody has the workspace to themselves, and others stay open', async () => {
    const gates = createGates();
    const work = Promise.withResolvers<void>();
    const done = gates.exclusive('a', () => work.promise);
    expect([gates.closed('a'), gates.closed('b')]).toEqual([expect.any(Promise), null]);
    work.resolve();
    await done;
    expect(gates.closed('a')).toBeNull();
  });

  test('opens also when the work fails', async () => {
    const gates = createGates();
    await expect(gates.exclusive('a', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(gates.closed('a')).toBeNull();
  });

  test('lets in one at a time', async () => {
    const gates = createGates();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
    };
    await Promise.all(['1', '2', '3'].map((name) => gates.exclusive('a', work(name))));
    expect(seen).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
  });
});
