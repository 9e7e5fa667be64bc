import { describe, expect, test } from '@jest/globals';
import { createTurnOrder } from '../../../../../../src/core/flows/queue/lanes/turn-order.ts';
import type { Priority } from '../../../../../../src/core/model/request.ts';

const NEVER = Number.MAX_SAFE_INTEGER;
const all = (): boolean => true;

function openOrder() {
  const order = createTurnOrder();
  return {
    ...order,
    /** The session waits, with this head. */
    wait(workspace: string, priority: Priority = 'normal', agedAt = NEVER): void {
      order.ask(workspace, 'claude');
      for (const waiter of order.unread(all)) order.note(waiter, { priority, agedAt });
    },
    take: (now = 0): string | undefined => order.next(now, all)?.workspace,
    /** Gives turns until nobody waits. */
    drain(now = 0): readonly string[] {
      const taken: string[] = [];
      for (let next = order.next(now, all); next !== null; next = order.next(now, all)) taken.push(next.workspace);
      return taken;
    },
  };
}

describe('the order of turns', () => {
  test('is by class, whoever asked first', () => {
    const order = openOrder();
    order.wait('background', 'background');
    order.wait('interactive', 'interactive');
    order.wait('normal');
    order.wait('high', 'high');
    expect(order.drain()).toEqual(['interactive', 'high', 'normal', 'background']);
  });

  test('is by the last turn inside a class: who was served longest ago goes first, however late it asks', () => {
    const order = openOrder();
    order.served('long ago');
    order.served('just now');
    order.wait('just now');
    order.wait('long ago');
    order.wait('never');
    expect(order.drain()).toEqual(['never', 'long ago', 'just now']);
  });

  test('is by asking among those that never had a turn', () => {
    const order = openOrder();
    order.wait('first');
    order.wait('second');
    order.wait('first');
    expect(order.drain()).toEqual(['first', 'second']);
  });

  test('puts a session first from the instant at which its head has aged, and not a millisecond before', () => {
    const order = openOrder();
    order.wait('young', 'interactive');
    order.wait('old', 'background', 1_000);
    expect(order.take(999)).toBe('young');
    order.wait('young', 'interactive');
    expect(order.take(1_000)).toBe('old');
  });

  test('puts a session first that ten turns of later ones overtook', () => {
    const order = openOrder();
    order.wait('slow', 'background');
    const taken = Array.from({ length: 11 }, (_, n) => {
      order.wait(`i${n}`, 'interactive');
      return order.take();
    });
    expect(taken.indexOf('slow')).toBe(10);
  });

  test('counts no turn of a session that began to wait earlier', () => {
    const order = openOrder();
    for (let n = 0; n < 12; n += 1) order.wait(`n${n}`);
    order.wait('slow', 'background');
    for (let n = 0; n < 12; n += 1) order.take();
    order.wait('late', 'interactive');
    expect(order.take()).toBe('late');
  });

  test('is by asking among those that have aged, whatever their classes and last turns', () => {
    const order = openOrder();
    order.served('first');
    order.wait('first', 'background', 0);
    order.wait('second', 'interactive', 0);
    expect(order.drain()).toEqual(['first', 'second']);
  });

  test('passes over those that may not, and they are not overtaken', () => {
    const order = openOrder();
    order.wait('paused', 'background');
    for (let n = 0; n < 12; n += 1) {
      order.wait(`i${n}`, 'interactive');
      order.next(0, ({ workspace }) => workspace !== 'paused');
    }
    order.wait('late', 'interactive');
    expect(order.take()).toBe('late');
  });

  test('forgets a session whose queue is empty', () => {
    const order = openOrder();
    order.ask('empty', 'claude');
    for (const waiter of order.unread(all)) order.note(waiter, null);
    expect(order.take()).toBeUndefined();
    expect(order.unread(all)).toEqual([]);
  });

  test('asks for the head again once the queue has changed, also while it is read', () => {
    const order = openOrder();
    order.wait('a', 'high');
    order.ask('a', 'claude');
    const reading = order.unread(all);
    expect(reading).toHaveLength(1);
    order.ask('a', 'claude');
    for (const waiter of reading) order.note(waiter, null);
    expect(order.take()).toBeUndefined();
    expect(order.unread(all)).toHaveLength(1);
  });

  test('lets a session that got no turn after all wait as long as before', () => {
    const order = openOrder();
    order.wait('refused');
    order.wait('other');
    const refused = order.next(0, all);
    if (refused !== null) order.giveBack(refused);
    for (const waiter of order.unread(all)) order.note(waiter, { priority: 'normal', agedAt: NEVER });
    expect(order.drain()).toEqual(['refused', 'other']);
  });
});
