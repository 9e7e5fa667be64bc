import { describe, expect, test } from '@jest/globals';
import { openHouse } from './house.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const GIVEN = `00-${TRACE}-${SPAN}-01`;

describe('the trace of a request', () => {
  test('without spans of the gateway is that of its caller, or none', async () => {
    await using house = await openHouse();
    const traced = await house.ask('demo', 'a', { traceparent: GIVEN });
    const untraced = await house.ask('demo', 'b');
    expect((await house.store.readRequest(traced))?.trace).toEqual({ traceparent: GIVEN, callerSpan: null });
    expect((await house.store.readRequest(untraced))?.trace).toBeNull();
  });

  test('with spans of the gateway is a span of its own below that of its caller', async () => {
    await using house = await openHouse({ settings: { isTraced: true } });
    const id = await house.ask('demo', 'a', { traceparent: GIVEN });
    const trace = (await house.store.readRequest(id))?.trace;
    expect(trace).toEqual({
      traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-b+\\d+-01$`)),
      callerSpan: SPAN,
    });
  });

  test('with spans of the gateway begins with a request whose caller has none', async () => {
    await using house = await openHouse({ settings: { isTraced: true } });
    const id = await house.ask('demo', 'a', { traceparent: 'no trace at all' });
    expect((await house.store.readRequest(id))?.trace).toEqual({
      traceparent: expect.stringMatching(/^00-a{32}-b+\d+-01$/),
      callerSpan: null,
    });
  });

  test('keeps what its caller says of sampling', async () => {
    await using house = await openHouse({ settings: { isTraced: true } });
    const id = await house.ask('demo', 'a', { traceparent: `00-${TRACE}-${SPAN}-00` });
    expect((await house.store.readRequest(id))?.trace?.traceparent).toMatch(/-00$/);
  });
});
