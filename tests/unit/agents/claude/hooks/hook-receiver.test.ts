import { expect, test } from '@jest/globals';
import { openHookReceiver } from '../../../../../src/agents/claude/hooks/hook-receiver.ts';
import { sendLines } from '../../../../helpers/raw-http.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

test.each([
  ['a page', ['Host: 127.0.0.1', 'Origin: http://127.0.0.1']],
  ['whoever turned DNS against a name', ['Host: evil.example']],
  ['whoever names no host', ['Host:']],
])('%s is refused, whatever token it has', async (_name, headers) => {
  const receiver = await openHookReceiver(0, log);
  let heard = 0;
  receiver.register('token', async () => {
    heard += 1;
    return {};
  });
  try {
    const lines = ['POST / HTTP/1.1', ...headers, 'Authorization: Bearer token'];
    const refused = await sendLines(receiver.port, lines, '{}');
    expect(refused.status).toBe(403);
    expect(refused.headers).toMatch(/^x-frame-options: DENY\r?$/im);
    expect(heard).toBe(0);
  } finally {
    await receiver.close();
  }
});
