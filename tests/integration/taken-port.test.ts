import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createTempFolder } from '../helpers/temp-folder.ts';

test.each(['HTTP_API_PORT', 'AGENT_HOOK_PORT', 'TASK_API_PORT'])(
  'a gateway whose %s is taken says so, and ends',
  async (variable) => {
    using folder = createTempFolder();
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const child = spawn(process.execPath, ['src/main.ts', 'serve'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HTTP_API_PORT: '0',
        AGENT_HOOK_PORT: '0',
        TASK_API_PORT: '0',
        [variable]: String(port),
        DATA_DIR: `${folder.path}/data`,
        WORKSPACES_ROOT: `${folder.path}/workspaces`,
        LOG_LEVEL: 'error',
      },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    other.close();
    expect(said).toContain(`${variable}: port ${port} on 127.0.0.1 is taken`);
    expect(code).toBe(1);
  },
);
