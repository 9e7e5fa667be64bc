import type { Answer } from '../../helpers/memory-transport.ts';
import { createMemoryTransport } from '../../helpers/memory-transport.ts';
import { describeTransport } from './transport.contract.ts';

const ANSWERS: Readonly<Record<'take' | 'not_now' | 'refuse' | 'silent', Answer>> = {
  take: { kind: 'sent' },
  not_now: { kind: 'retry', error: 'busy' },
  refuse: { kind: 'refused', error: 'no' },
  silent: 'hold',
};

describeTransport('the transport in memory', async () => {
  const transport = createMemoryTransport();
  return {
    transport,
    to: 'memory:somebody',
    spelled: 'memory:Somebody',
    wrongAddresses: ['memory:', 'memory', 'webhook:https://example.org/'],
    behave: (how) => transport.answer(() => ANSWERS[how]),
    received: () => transport.attempts.map(({ id, event }) => ({ id, content: JSON.stringify(event) })),
    close: async () => {},
  };
});
