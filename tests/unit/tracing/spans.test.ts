import { expect, test } from '@jest/globals';
import type { EventRecord, EventType } from '../../../src/core/model/event.ts';
import { toPhases } from '../../../src/tracing/spans.ts';

let seq = 0;
const event = (type: EventType, at: number, data: EventRecord['data'] = {}): EventRecord => ({
  ...{ seq: (seq += 1), type, at, data },
  ...{ requestId: 'a', workspace: 'demo' },
});

test('the phases of a request follow each other from its acceptance to its end', () => {
  const events = [
    event('request.queued', 100),
    event('request.started', 200),
    event('request.submitting', 300),
    event('request.working', 400),
    event('request.completed', 500),
  ];
  expect(toPhases({ createdAt: 100 }, events)).toEqual([
    { name: 'queued', from: 100, to: 200 },
    { name: 'preparing', from: 200, to: 300 },
    { name: 'submitting', from: 300, to: 400 },
    { name: 'working', from: 400, to: 500 },
  ]);
});

test('an approval is a span beside the phase in which it waits', () => {
  const events = [
    event('request.started', 200),
    event('request.working', 300),
    event('approval.opened', 310, { approvalId: 'one' }),
    event('approval.opened', 320, { approvalId: 'two' }),
    event('approval.allowed', 330, { approvalId: 'two' }),
    event('approval.denied', 340, { approvalId: 'one' }),
    event('request.failed', 350),
  ];
  expect(toPhases({ createdAt: 100 }, events)).toEqual([
    { name: 'queued', from: 100, to: 200 },
    { name: 'preparing', from: 200, to: 300 },
    { name: 'approval', from: 320, to: 330 },
    { name: 'approval', from: 310, to: 340 },
    { name: 'working', from: 300, to: 350 },
  ]);
});

test('one that is queued again waits again, and one that never began has waited only', () => {
  const again = [event('request.started', 200), event('request.requeued', 300), event('request.started', 400)];
  expect(toPhases({ createdAt: 100 }, [...again, event('request.cancelled', 500)])).toMatchObject([
    { name: 'queued', to: 200 },
    { name: 'preparing', to: 300 },
    { name: 'queued', to: 400 },
    { name: 'preparing', to: 500 },
  ]);
  expect(toPhases({ createdAt: 100 }, [event('request.timed_out', 500)])).toEqual([
    { name: 'queued', from: 100, to: 500 },
  ]);
});
