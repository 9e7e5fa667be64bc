import { toEntry } from '../../../src/hooks/file/entry.ts';
import { createHooks } from '../../../src/hooks/hooks.ts';
import type { RunOrder } from '../../../src/hooks/run/order.ts';
import { aRequest } from '../../helpers/telegram-server/telegram-bench.ts';
import { describeTransport } from './transport.contract.ts';

describeTransport('hooks', async () => {
  const ran: { readonly id: string; readonly content: string }[] = [];
  let how: 'take' | 'not_now' | 'refuse' | 'silent' = 'take';
  const hooks = createHooks({
    run({ input }: RunOrder, signal) {
      ran.push({ id: String((JSON.parse(input) as { event_id: unknown }).event_id), content: input });
      if (how === 'not_now') return Promise.resolve({ kind: 'failed', why: 'exited with 1', complaint: '' });
      if (how === 'take') return Promise.resolve({ kind: 'done', text: '', complaint: '' });
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    },
    warm: () => {},
    close: async () => {},
  });
  const { transport } = hooks;
  return {
    transport: {
      ...transport,
      deliver(delivery, signal) {
        const entry = toEntry({ ref: '/bin/log', events: ['post_session'] }, 'log', '/bin/log');
        hooks.replace(how === 'refuse' ? [] : [entry], how);
        const data = { ...delivery.event.data, hook: 'post_session' };
        return transport.deliver({ ...delivery, event: { ...delivery.event, data } }, signal);
      },
    },
    to: 'hook:log',
    spelled: null,
    request: aRequest(),
    wrongAddresses: ['hook:log', 'hook:', 'webhook:https://example.org/'],
    behave: (next) => void (how = next),
    received: () => ran,
    close: async () => {},
  };
});
