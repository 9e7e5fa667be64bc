import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApprovalCalls } from '../helpers/approvals.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { until } from '../helpers/until.ts';
import { createRandom, drawDress, putOn, type Dress } from './dress.ts';

const DRESSES = Number(process.env['DRESSES'] ?? 200);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Projects at a time, which share a home. */
const TOGETHER = 4;
const BATCHES = Math.ceil(DRESSES / TOGETHER);
const ENDED_WITHIN_MS = 90_000;

type Status = Readonly<Record<string, unknown>> & { readonly output?: { readonly text?: string } };

/** Homes and projects with settings, hooks, status lines, servers and skills that people have, drawn by chance, with the
 *  real CLI: in each the same is asked, and must come out as in an empty one. */
let rig: ProcessRig;
beforeAll(async () => {
  rig = await openProcessRig(
    async (prompt) => {
      const [, verb = '', rest = ''] = /^(\w+) (\S+)$/.exec(prompt.trim()) ?? [];
      if (verb === 'write') return { tool: 'Write', input: { file_path: rest, content: 'x' }, answer: `wrote ${rest}` };
      if (verb === 'late') return new Promise((resolve) => setTimeout(() => resolve(`late: ${rest}`), 3_000));
      if (verb === 'hold') return new Promise((resolve) => setTimeout(() => resolve('nobody waits'), 20_000));
      // What a Stop hook says to the agent is no prompt on every version.
      return verb === 'echo' ? `echo: ${rest}` : 'and more';
    },
    { SESSION_IDLE_MS: '3000', MAX_LIVE_SESSIONS: String(TOGETHER), MAX_RUNNING_TURNS: String(TOGETHER) },
  );
});
afterAll(() => rig.close());

const submit = async (workspace: string, command: string): Promise<string> =>
  String((await rig.call('POST', '/execute', { json: { workspace, command } })).body['requestId']);
const status = async (id: string): Promise<Status> => (await rig.call('GET', `/status/${id}`)).body as Status;

async function ended(id: string): Promise<Status> {
  return until(async () => {
    const found = await status(id);
    return found['completedAt'] === null ? null : found;
  }, ENDED_WITHIN_MS);
}

async function expectAnswer(id: string, answer: string, dress: readonly Dress[]): Promise<void> {
  const end = await ended(id);
  const isHeld = dress.some(({ hooks }) => hooks.some((hook) => hook.startsWith('Stop blocks')));
  expect(end).toMatchObject({ state: 'completed', reason: null });
  expect([answer, ...(isHeld ? ['and more'] : [])]).toContain(end.output?.text);
}

/** Resolves when the file may be written, or was not. */
async function expectAsked(workspace: string, file: string, dress: readonly Dress[]): Promise<void> {
  const has = (name: 'a tool is allowed' | 'a tool is denied'): boolean =>
    dress.some(({ hooks }) => hooks.includes(name));
  const id = await submit(workspace, `write ${file}`);
  const approvals = createApprovalCalls(rig.call);
  if (!has('a tool is allowed') && !has('a tool is denied')) {
    const [approval] = await approvals.open(id);
    expect(existsSync(file)).toBe(false);
    await approvals.decide(approval?.id ?? '', { decision: 'allow' });
  }
  expect(await ended(id)).toMatchObject({ state: 'completed' });
  expect(await approvals.of(id)).toHaveLength(has('a tool is allowed') || has('a tool is denied') ? 0 : 1);
  expect(existsSync(file)).toBe(!has('a tool is denied'));
}

async function expectCancelled(workspace: string, prompt: string): Promise<void> {
  const id = await submit(workspace, prompt);
  await until(() => rig.model.count(prompt) > 0, ENDED_WITHIN_MS);
  await rig.call('POST', `/status/${id}/cancel`);
  expect(await ended(id)).toMatchObject({ state: 'cancelled' });
}

async function slept(workspace: string): Promise<void> {
  await until(
    async () => (await rig.call('GET', `/session/${workspace}`)).body['status'] === 'asleep',
    ENDED_WITHIN_MS,
  );
}

/** Each of ours was sent once, to the letter; nothing else bears its name. */
function expectSentOnce(name: string, prompts: readonly string[]): void {
  const sent = rig.model.prompts.map((prompt) => prompt.trimEnd()).filter((prompt) => prompt.includes(name));
  expect(sent.toSorted()).toEqual(prompts.toSorted());
}

test.each(Array.from({ length: BATCHES }, (_, batch) => batch))(
  `house %d of ${BATCHES} (SEED=${SEED})`,
  async (batch) => {
    const random = createRandom(SEED * 10_000 + batch);
    const home = drawDress(random);
    const projects = Array.from({ length: TOGETHER }, (_, at) => {
      const name = `n${SEED}-${batch}-${at}`;
      return { name, dress: drawDress(random), folder: path.join(rig.root, 'workspaces', name) };
    });
    await putOn(path.join(rig.root, 'data', 'agent-home'), home, true);
    for (const { folder, dress } of projects) await putOn(folder, dress, false);
    const all = (work: (project: (typeof projects)[number]) => Promise<void>): Promise<void[]> =>
      Promise.all(
        projects.map((project) =>
          work(project).catch((error: unknown) => {
            const worn = JSON.stringify({ home, project: project.dress });
            throw new Error(`${project.name} in ${worn}`, { cause: error });
          }),
        ),
      );
    await all(async ({ name, dress, folder }) => {
      await expectAnswer(await submit(name, `echo ${name}-one`), `echo: ${name}-one`, [home, dress]);
      await expectAsked(name, path.join(folder, 'written'), [home, dress]);
      await expectCancelled(name, `hold ${name}-held`);
      await expectAnswer(await submit(name, `echo ${name}-two`), `echo: ${name}-two`, [home, dress]);
    });
    const late = await Promise.all(projects.map(({ name }) => submit(name, `late ${name}-late`)));
    await until(() => projects.every(({ name }) => rig.model.count(`late ${name}-late`) > 0), ENDED_WITHIN_MS);
    await rig.stop('SIGKILL');
    await rig.start();
    await all(async ({ name, dress, folder }) => {
      const at = projects.findIndex((project) => project.name === name);
      await expectAnswer(late[at] ?? '', `late: ${name}-late`, [home, dress]);
      await slept(name);
      await expectAnswer(await submit(name, `echo ${name}-three`), `echo: ${name}-three`, [home, dress]);
      const file = path.join(folder, 'written');
      const asked = [`echo ${name}-one`, `hold ${name}-held`, `echo ${name}-two`, `late ${name}-late`];
      expectSentOnce(name, [...asked, `write ${file}`, `echo ${name}-three`]);
      await rig.call('DELETE', `/session/${name}`);
    });
  },
  300_000,
);
