import { createServer } from 'node:http';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createHostClient } from '../../../../src/hooks/host/client.ts';
import { listenOnSocket } from '../../../../src/lib/net/socket-server.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

test('a host of hooks that never answers is a failure of the hook, which says so', async () => {
  using folder = createTempFolder();
  const socket = path.join(folder.path, 'socket');
  const close = await listenOnSocket(
    createServer(() => {}),
    { path: socket, variable: 'HOOKS_SOCKET' },
  );
  const order = { ref: '/bin/true', event: 'pre_session', input: '{}', timeoutMs: 10, env: {}, edition: 'x' } as const;
  expect(await createHostClient(socket).run(order, new AbortController().signal)).toEqual({
    kind: 'failed',
    why: 'could not be handed to the user of hooks (no answer in time)',
    complaint: '',
  });
  await close();
});
