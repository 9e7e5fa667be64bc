import { DatabaseSync } from 'node:sqlite';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditLine } from '../../../src/core/model/audit/audit.ts';
import { ANN, openChatNetworks, type ChatNetworks } from '../../helpers/chat-people.ts';
import { createCommandLine, type CommandLine } from '../../helpers/gatehouse-command.ts';
import { HOUSE_KEY, openGatewayHouse, type GatewayHouse } from '../../helpers/gateway-house.ts';
import { installScriptedAgent } from '../../helpers/scripted-agent/install.ts';
import { GROUP } from '../../helpers/telegram-server/telegram-server.ts';
import { connectTerminal } from '../../helpers/terminal-client.ts';
import { until } from '../../helpers/until.ts';

const TOOL = { tool: 'Bash', input: { command: 'ls' }, denied: 'was denied' };
const WORKSPACE = 'w';

let folder: string;
let networks: ChatNetworks;
let house: GatewayHouse;
let cli: CommandLine;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-audit-'));
  networks = await openChatNetworks();
  const agent = await installScriptedAgent(folder, [{ match: 'ask', do: { ask: TOOL, text: 'was allowed' } }]);
  house = await openGatewayHouse({ agent, env: { ...networks.env, TERMINAL_WRITE_ENABLED: 'true' } });
  await house.start().ready();
  await until(() =>
    ['telegram.connected', 'discord.tasks_channel'].every((event) => house.log().includes(`"${event}"`)),
  );
  cli = createCommandLine({ GATEHOUSE_URL: house.url, GATEHOUSE_API_KEY: HOUSE_KEY }, folder);
});
afterAll(async () => {
  await house.close();
  await networks[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function read(): Promise<readonly AuditLine[]> {
  return (await house.call('GET', '/audit?limit=1000')).body['lines'] as readonly AuditLine[];
}

/** Lines that were added since. */
async function since(before: readonly AuditLine[]): Promise<readonly (readonly unknown[])[]> {
  return (await read()).slice(before.length).map(({ who, action, workspace }) => [who, action, workspace]);
}

test('who sits down at a terminal is written down, and once that they typed', async () => {
  await house.call('POST', '/execute', {
    json: { workspace: WORKSPACE, command: 'hello' },
    headers: { prefer: 'wait=60' },
  });
  const before = await read();
  const headers = { 'x-api-key': HOUSE_KEY };
  const url = `${house.url}/session/${WORKSPACE}/terminal`;
  const watching = await connectTerminal(url, { headers });
  watching.send('nobody reads this');
  await watching.sees('hello');
  await watching.close();
  expect(await since(before)).toEqual([['key:default', 'terminal.attached', WORKSPACE]]);
  const typing = await connectTerminal(`${url}?write=true`, { headers });
  for (const key of 'typed') typing.send(key);
  await typing.sees('typed');
  await typing.close();
  expect(await since(before)).toEqual([
    ['key:default', 'terminal.attached', WORKSPACE],
    ['key:default', 'terminal.attached', WORKSPACE],
    ['key:default', 'terminal.typed', WORKSPACE],
  ]);
  expect(JSON.stringify((await read()).slice(before.length))).not.toContain('nobody reads this');
});

test('a decision in Telegram is that of the person who pressed', async () => {
  const { telegram } = networks;
  const topic = telegram.topic(GROUP);
  const before = await read();
  for (const [word, action] of [
    ['Allow', 'approval.allowed'],
    ['Deny', 'approval.denied'],
  ] as const) {
    telegram.say({ chat: GROUP, thread: topic, from: ANN.telegram, text: `ask to ${word}` });
    const asked = await until(() =>
      telegram.messages(GROUP, topic).find(({ buttons }) => buttons.some(({ text }) => text === word)),
    );
    telegram.press(asked, word, ANN.telegram);
    await telegram.untilShown(GROUP, topic, word === 'Allow' ? /^was allowed$/ : /^was denied$/);
    expect((await since(before)).map(([who, done]) => [who, done])).toContainEqual([
      `telegram:${ANN.telegram}`,
      action,
    ]);
  }
  expect((await since(before)).map(([who, done]) => [who, done])).toContainEqual([
    `telegram:${ANN.telegram}`,
    'request.accepted',
  ]);
});

test('a decision in Discord is that of the person who pressed', async () => {
  const { discord } = networks;
  const thread = discord.world.addChannel({ name: 'audit', type: 11, parent_id: discord.tasks.id });
  const before = await read();
  discord.say(thread.id, ANN.discord, 'ask in Discord');
  const asked = await until(() => discord.messages(thread.id).find((one) => JSON.stringify(one).includes('"Allow"')));
  await discord.press(asked, 'Allow', ANN.discord);
  await until(() => discord.messages(thread.id).some(({ content }) => content === 'was allowed'));
  const who = `discord:${ANN.discord.id}`;
  const lines = (await since(before)).map(([by, action]) => [by, action]);
  expect(lines).toContainEqual([who, 'request.accepted']);
  expect(lines).toContainEqual([who, 'approval.allowed']);
});

test('`audit verify` asks a gateway that runs: the log holds, also behind a line that was noted, until somebody changes it', async () => {
  const holds = await cli.run(['audit', 'verify']);
  expect(holds).toMatchObject({ code: 0, stderr: '' });
  const known = /(\d+:[0-9a-f]{64})/.exec(holds.stdout)?.[1] ?? '';
  await house.call('POST', '/execute', { json: { workspace: WORKSPACE, command: 'one more' } });
  expect(await cli.run(['audit', 'verify', '--known', known])).toMatchObject({ code: 0 });
  change("UPDATE audit SET who = 'key:nobody' WHERE seq = 2");
  const found = await cli.run(['audit', 'verify']);
  expect([found.code, `${found.stdout}${found.stderr}`]).toEqual([1, expect.stringMatching(/line 2 was changed/)]);
  change('DELETE FROM audit WHERE seq = 2');
  const missed = await cli.run(['audit', 'verify']);
  expect([missed.code, `${missed.stdout}${missed.stderr}`]).toEqual([1, expect.stringMatching(/line 2 is missing/)]);
});

/** As somebody who owns the database, beside the gateway. */
function change(sql: string): void {
  using db = new DatabaseSync(house.database, { timeout: 10_000 });
  db.exec(sql);
}
