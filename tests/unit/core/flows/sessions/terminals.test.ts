import { expect, test } from '@jest/globals';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import type { AttachedTerminal } from '../../../../../src/core/ports/terminal.ts';
import { createFakeTerminal, type FakeTerminal } from '../../../../helpers/fake-attached-terminal.ts';
import { until } from '../../../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../house.ts';

const watch = { write: false, columns: 80, rows: 30 };

async function openLive(options: HouseOptions = {}): Promise<House> {
  const house = await openHouse(options);
  await house.start();
  await house.ended(await house.ask('w', 'warm'));
  return house;
}

test('a terminal at a live session gets the size that was asked for, and is read-only', async () => {
  await using house = await openLive();
  const terminal = (await house.api.terminals.open('w', watch)) as FakeTerminal;
  expect(terminal.spec).toEqual({ workspace: 'w', columns: 80, rows: 30, readOnly: true });
});

test('keys are taken only where the settings allow it', async () => {
  await using closed = await openLive();
  await expect(closed.api.terminals.open('w', { ...watch, write: true })).rejects.toMatchObject({
    code: 'terminal_read_only',
  });
  await using open = await openLive({ settings: { terminalWriteEnabled: true } });
  const terminal = (await open.api.terminals.open('w', { ...watch, write: true })) as FakeTerminal;
  expect(terminal.spec.readOnly).toBe(false);
});

test('an unknown session has no terminal, nor has one that is asleep', async () => {
  await using house = await openLive();
  await expect(house.api.terminals.open('nobody', watch)).rejects.toMatchObject({ code: 'not_found' });
  await house.closeSessions();
  await expect(house.api.terminals.open('w', watch)).rejects.toMatchObject({ code: 'no_screen' });
});

test('a gateway that stops opens none', async () => {
  await using house = await openLive();
  await house.drain();
  await expect(house.api.terminals.open('w', watch)).rejects.toMatchObject({ code: 'draining' });
});

test('32 are open at the same time, also when more are asked for at once; one that ends makes room', async () => {
  await using house = await openLive();
  const asked = await Promise.allSettled(Array.from({ length: 40 }, () => house.api.terminals.open('w', watch)));
  const open = asked.flatMap((one): AttachedTerminal[] => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = asked.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  expect(open).toHaveLength(32);
  expect(refused).toEqual(Array.from({ length: 8 }, () => expect.objectContaining({ code: 'too_many_terminals' })));
  await open[0]?.close();
  await until(() => house.api.terminals.open('w', watch).catch(() => null));
  await expect(house.api.terminals.open('w', watch)).rejects.toMatchObject({ code: 'too_many_terminals' });
});

test('one that could not be opened takes no room', async () => {
  let fails = 40;
  await using house = await openLive({
    terminals: {
      open: async (spec) => {
        fails -= 1;
        if (fails >= 0) throw new GatewayError('terminal_unavailable', 'not here');
        return createFakeTerminal(spec);
      },
    },
  });
  for (let asked = 0; asked < 40; asked += 1) {
    await expect(house.api.terminals.open('w', watch)).rejects.toMatchObject({ code: 'terminal_unavailable' });
  }
  expect(await house.api.terminals.open('w', watch)).toMatchObject({ spec: watchedSpec });
});

const watchedSpec = { workspace: 'w', readOnly: true };
