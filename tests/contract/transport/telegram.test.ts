import { aRequest, openTelegramBench } from '../../helpers/telegram-server/telegram-bench.ts';
import { GROUP } from '../../helpers/telegram-server/telegram-server.ts';
import type { Fault } from '../../helpers/telegram-server/telegram-server.ts';
import { describeTransport } from './transport.contract.ts';

const FAULTS: Readonly<Record<'take' | 'not_now' | 'refuse' | 'silent', Fault | null>> = {
  take: null,
  not_now: { code: 429, description: 'Too Many Requests: retry after 0', retryAfter: 0 },
  refuse: { code: 403, description: 'Forbidden: bot was kicked from the supergroup chat' },
  silent: 'silent',
};

describeTransport('Telegram', async () => {
  const { server, transport, close } = await openTelegramBench();
  const received: { readonly id: string; readonly content: string }[] = [];
  let current = '';
  let how: keyof typeof FAULTS = 'take';
  // Telegram's messages bear no name of ours: it is seen at the door which delivery they belong to.
  server.fail((_method, args) => {
    received.push({ id: current, content: JSON.stringify(args) });
    return FAULTS[how];
  });
  return {
    transport: {
      ...transport,
      deliver(delivery, signal) {
        current = delivery.id;
        return transport.deliver(delivery, signal);
      },
    },
    to: `telegram:${GROUP}`,
    // The General topic.
    spelled: `telegram:${GROUP}:1`,
    request: aRequest({ text: 'It is *done*.' }),
    wrongAddresses: [
      'telegram',
      'telegram:',
      'telegram:@somebody',
      'telegram:0',
      'telegram:007',
      'telegram:12:0',
      'telegram:12:-3',
      'telegram:12:3:4',
      'telegram:1e3',
      'webhook:https://example.org/',
    ],
    behave: (next) => void (how = next),
    received: () => received,
    close,
  };
});
