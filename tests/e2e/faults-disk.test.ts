import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findTranscript } from '../../src/agents/program/files/find-transcript.ts';
import { createAgentFiles } from '../../src/agents/program/files/agent-files.ts';
import { openHoldingRig, type ProcessRig } from '../helpers/process-rig.ts';
import { until } from '../helpers/until.ts';

describe('an answer that is on no disk, with the real CLI', () => {
  let rig: ProcessRig;
  let answer: PromiseWithResolvers<string>;
  beforeEach(async () => {
    ({ rig, answer } = await openHoldingRig());
  });
  afterEach(async () => {
    answer.resolve('late');
    await rig.close();
  });

  const ended = async (id: string) => (await rig.call('GET', `/status/${id}`, { headers: { prefer: 'wait=60' } })).body;
  const submit = async (command: string): Promise<string> =>
    (await rig.call('POST', '/execute', { json: { workspace: 'w', command } })).body['requestId'] as string;

  /** The lines of the conversation's file. */
  async function openTranscript() {
    const home = path.join(rig.root, 'data', 'agent-home');
    const id = (await rig.call('GET', '/session/w')).body['agentSessionId'] as string;
    const file = await until(() => findTranscript(createAgentFiles({ home, settings: home }), home, id));
    const read = async (): Promise<readonly string[]> => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return { read, write: (lines: readonly string[]) => writeFile(file, lines.map((line) => `${line}\n`).join('')) };
  }

  test('T14: is told as lost, and nobody is blamed for it', async () => {
    await ended(await submit('warm'));
    const id = await submit('hold this');
    await until(async () => (await rig.call('GET', `/status/${id}`)).body['phase'] === 'working');
    const transcript = await openTranscript();
    const begun = await until(async () => {
      const lines = await transcript.read();
      return lines.some((line) => line.includes('"hold this"')) ? lines : null;
    });
    await rig.stop('SIGKILL');
    answer.resolve('never read');
    await until(async () => (await transcript.read()).filter((line) => line.includes('turn_duration')).length === 2);
    // As on a disk that was full from then on.
    await transcript.write(begun);
    await rig.start();
    const end = await ended(id);
    expect(end).toMatchObject({ state: 'failed', reason: 'answer_lost', retryable: false });
    expect(end['error']).toMatch(/its end is lost/);
    expect(end['error']).not.toMatch(/interrupted|terminal|person/);
    expect(await ended(await submit('and on'))).toMatchObject({ state: 'completed', output: { text: 'echo: and on' } });
  });
});
