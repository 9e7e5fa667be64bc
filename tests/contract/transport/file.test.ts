import type { RequestRecord } from '../../../src/core/model/request.ts';
import { createFileTransport } from '../../../src/inbox/file-transport.ts';
import { openResponseFiles } from '../../../src/inbox/response-files.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { describeTransport } from './transport.contract.ts';

const times = { createdAt: 0, startedAt: 1, completedAt: 2 };
const request = { id: 'req-1', source: 'file', state: 'completed', text: 'ok', error: null, ...times } as RequestRecord;

describeTransport('response files', async () => {
  const folder = createTempFolder();
  const files = await openResponseFiles(folder.path);
  const written: { readonly id: string; readonly content: string }[] = [];
  let how: 'take' | 'not_now' | 'refuse' | 'silent' = 'take';
  const transport = createFileTransport({
    async write(name, answered) {
      if (how === 'silent') await new Promise(() => {});
      if (how === 'not_now') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      await files.write(name, answered);
    },
  });
  return {
    // What is delivered is seen at the door: a file bears the id of its request.
    transport: {
      ...transport,
      deliver(delivery, signal) {
        written.push({ id: delivery.id, content: `${delivery.to} ${delivery.request?.id}` });
        return transport.deliver(how === 'refuse' ? { ...delivery, request: null } : delivery, signal);
      },
    },
    to: 'file:answer',
    spelled: null,
    request,
    wrongAddresses: ['file:answer', 'file:', 'webhook:https://example.org/'],
    behave: (next) => void (how = next),
    received: () => written,
    close: async () => folder[Symbol.dispose](),
  };
});
