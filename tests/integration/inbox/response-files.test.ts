import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { RequestRecord } from '../../../src/core/model/request.ts';
import { openResponseFiles } from '../../../src/inbox/response-files.ts';
import { createFakeGateway } from '../../helpers/fake-gateway/fake-gateway.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

async function aRequest(change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
  const gateway = createFakeGateway();
  const { request } = await gateway.requests.submit({
    workspace: 'bot',
    prompt: 'hi',
    promptField: 'body',
    source: 'file',
    identity: { transport: 'file', user_id: null, channel_id: 'a.md', thread_id: null },
    priority: 'background',
  });
  const ended = { state: 'completed', startedAt: 1_000, completedAt: 2_000, createdAt: 0, text: 'Done.' } as const;
  return { ...request, ...ended, ...change };
}

describe('a response file', () => {
  test('has the facts in its front matter, and then the text', async () => {
    using folder = createTempFolder();
    const files = await openResponseFiles(folder.path);
    await files.write('a', await aRequest());
    expect(readdirSync(folder.path)).toEqual(['a.response.md']);
    expect(readFileSync(`${folder.path}/a.response.md`, 'utf8')).toBe(
      `---
request_id: req-1
source: file
workspace: bot
priority: background
state: completed
reason: null
retryable: null
created_at: 1970-01-01T00:00:00.000Z
started_at: 1970-01-01T00:00:01.000Z
completed_at: 1970-01-01T00:00:02.000Z
error: null
---

Done.
`,
    );
  });

  test('of what failed says why, in YAML, and has the text that there is', async () => {
    using folder = createTempFolder();
    const files = await openResponseFiles(folder.path);
    const error = 'It ended: "why"\n# see \\ the log';
    const failed = { state: 'failed', reason: 'agent_exited', retryable: true, error, text: null } as const;
    await files.write('a', await aRequest(failed));
    const [, head = '', body] = readFileSync(`${folder.path}/a.response.md`, 'utf8').split(/^---\n/m);
    expect(parse(head)).toMatchObject({ state: 'failed', reason: 'agent_exited', retryable: true, error });
    expect(body).toBe('\n');
  });

  test('written again for the same request is still one', async () => {
    using folder = createTempFolder();
    const files = await openResponseFiles(folder.path);
    for (const _ of 'abc') await files.write('a', await aRequest());
    expect(readdirSync(folder.path)).toEqual(['a.response.md']);
    await files.write('a', await aRequest({ id: 'req-2' }));
    await files.write('a', await aRequest({ id: 'req-2', text: 'never' }));
    expect(readdirSync(folder.path)).toEqual(['a.req-2.response.md', 'a.response.md']);
    expect(readFileSync(`${folder.path}/a.req-2.response.md`, 'utf8')).toContain('Done.');
  });

  test.each([
    ['a file of somebody else', (file: string) => writeFileSync(file, 'mine')],
    ['a link', (file: string) => symlinkSync('elsewhere', file)],
    ['a folder', (file: string) => mkdirSync(file)],
    ['a pipe', (file: string) => spawnSync('mkfifo', [file])],
  ])('leaves %s of its name as it is', async (_what, make) => {
    using folder = createTempFolder();
    const files = await openResponseFiles(folder.path);
    make(`${folder.path}/a.response.md`);
    await files.write('a', await aRequest());
    expect(readdirSync(folder.path)).toEqual(['a.req-1.response.md', 'a.response.md']);
  });

  test('is written over what a crash left of it', async () => {
    using folder = createTempFolder();
    const files = await openResponseFiles(folder.path);
    writeFileSync(`${folder.path}/.a.response.md.draft`, 'hal');
    await files.write('a', await aRequest());
    expect(readdirSync(folder.path)).toEqual(['a.response.md']);
  });

  test('that cannot be written is told, and shows in the check', async () => {
    using folder = createTempFolder();
    const files = await openResponseFiles(`${folder.path}/responses`);
    await files.check();
    rmSync(`${folder.path}/responses`, { recursive: true });
    await expect(files.write('a', await aRequest())).rejects.toThrow('ENOENT');
    await expect(files.check()).rejects.toThrow('RESPONSES_DIR cannot be written (ENOENT)');
  });
});
