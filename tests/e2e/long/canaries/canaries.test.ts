import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../../../../src/config/config.ts';
import { VARIABLES } from '../../../../src/config/env.ts';
import type { Variable } from '../../../../src/config/variable.ts';
import { createApiCall } from '../../../helpers/api-call.ts';
import { findCanaries, listProcesses, readOf, watchCommands, type Canary } from '../../../helpers/canaries.ts';
import { ANN } from '../../../helpers/chat-people.ts';
import { HOUSE_KEY } from '../../../helpers/gateway-house.ts';
import { processesWith } from '../../../helpers/process-tree.ts';
import { connectStream, readSse } from '../../../helpers/stream-clients.ts';
import { connectTerminal, refusedUpgrade } from '../../../helpers/terminal-client.ts';
import { GROUP } from '../../../helpers/telegram-server/telegram-server.ts';
import { until } from '../../../helpers/until.ts';
import { openCanaryHouse, type CanaryHouse } from './canary-house.ts';

const SECRET_SETTINGS = Object.entries<Variable<unknown, string | null>>(VARIABLES)
  .filter(([, { secret }]) => secret === true)
  .map(([name]) => name);

let open: CanaryHouse;
let commands: ReadonlySet<string>;
/** Made while it runs. */
const made: Canary[] = [];
/** All that a caller was answered, but for what shows a new secret once. */
const answers: string[] = [];
const streamed: string[] = [];

beforeAll(async () => {
  open = await openCanaryHouse();
  using watch = watchCommands(10);
  commands = watch.commands;
  const gateway = open.house.start();
  await gateway.ready();
  await untilLogged('telegram.connected', 'discord.tasks_channel');
  const streams = await watchEvents();
  await makeSecrets();
  await workOverHttp();
  await workInChats();
  await askWrongly();
  await breakThings(gateway.pid);
  await lookEverywhere();
  streams.close();
}, 180_000);
afterAll(async () => {
  await open[Symbol.asyncDispose]();
});

async function untilLogged(...events: readonly string[]): Promise<void> {
  await until(() => events.every((event) => open.house.log().includes(`"msg":"${event}"`)));
}

async function ask(method: string, at: string, options: Parameters<CanaryHouse['house']['call']>[2] = {}) {
  const answer = await open.house.call(method, at, options);
  answers.push(`${method} ${at.split('?')[0]} ${answer.status} ${JSON.stringify([...answer.headers])} ${answer.text}`);
  return answer;
}

async function watchEvents() {
  const key = { 'x-api-key': HOUSE_KEY };
  const socket = await connectStream(`${open.house.url}/stream`, key);
  const { requestId } = (await ask('POST', '/execute', { json: { workspace: 'w', command: 'canary first' } })).body;
  const sse = await readSse(`${open.house.url}/status/${requestId}/events`, key);
  await until(() => sse.events.some(({ type }) => type === 'request.completed'));
  return {
    close() {
      streamed.push(JSON.stringify([socket.events, socket.messages]), sse.text());
      socket.cut();
      sse.cut();
    },
  };
}

/** These answers show a secret once, and are not looked through. */
async function makeSecrets(): Promise<void> {
  const { call } = open.house;
  const key = (await call('POST', '/keys', { json: { name: 'canary', scopes: ['read', 'execute'] } })).body;
  keep('a key', toSecret(key.key));
  await ask('GET', '/sessions', { key: key.key });
  keep('a key that was rotated', toSecret((await call('POST', `/keys/${key.id}/rotate`)).body.key));
  const events = ['request.completed', 'request.failed'];
  const subscribe = (address: string) => call('POST', '/webhooks', { json: { url: address, events } });
  const { body: hook } = await subscribe(`${open.receiver.url}/good`);
  keep('the secret of a webhook', toSecret(hook.secret));
  keep('that of a failing one', toSecret((await subscribe(`${open.receiver.url}/bad`)).body.secret));
  keep('a rotated one', toSecret((await call('POST', `/webhooks/${hook.id}/rotate`)).body.secret));
  keep('a ticket', toSecret((await call('POST', '/stream-tickets')).body.ticket));
  open.receiver.behave(({ path }) => (path === '/bad' ? 500 : 204));
}

function keep(name: string, core: string): void {
  // Something short would be found anywhere.
  expect(core.length).toBeGreaterThan(15);
  made.push({ name, core });
}

/** Without the name before it. */
function toSecret(told: string): string {
  return told.replace(/^(gh_[^_]+_|whsec_|tkt-)/, '');
}

async function workOverHttp(): Promise<void> {
  const replyTo = `webhook:${open.receiver.url}/reply`;
  await ask('POST', '/execute', {
    json: { workspace: 'w', command: 'canary over HTTP', replyTo },
    headers: { prefer: 'wait=30' },
  });
  const terminal = await connectTerminal(`${open.house.url}/session/w/terminal`, {
    headers: { 'x-api-key': HOUSE_KEY },
  });
  await terminal.sees(/canary over HTTP/);
  streamed.push(JSON.stringify(terminal.messages), await terminal.screen());
  await terminal.close();
  await until(() => open.receiver.received.some(({ path }) => path === '/reply'));
  await until(() => open.receiver.received.filter(({ path }) => path === '/bad').length > 1);
}

async function workInChats(): Promise<void> {
  const { telegram, discord } = open.networks;
  const topic = telegram.topic(GROUP);
  telegram.say({ chat: GROUP, thread: topic, from: ANN.telegram, text: 'canary in a topic' });
  await telegram.untilShown(GROUP, topic, /^done$/);
  const body = JSON.stringify({ prompt: 'canary injected', task_name: 'Canary', platform: 'discord' });
  const headers = { 'content-type': 'application/json' };
  const injected = await fetch(open.injectUrl, { method: 'POST', headers, body });
  answers.push(await injected.text());
  await until(() => [...discord.world.messages.values()].flat().some((one) => JSON.stringify(one).includes('done')));
}

/** Wrong keys that look like right ones, right ones where they do not belong, and bodies that hold them. */
async function askWrongly(): Promise<void> {
  const wrong = createApiCall(open.house.url, `${HOUSE_KEY}x`);
  answers.push((await wrong('GET', '/sessions')).text);
  const { status } = await refusedUpgrade(`${open.house.url}/stream`, { 'x-api-key': `${HOUSE_KEY}x` });
  expect(status).toBe(401);
  await ask('GET', `/requests?key=${HOUSE_KEY}`);
  await ask('GET', `/requests?cursor=${HOUSE_KEY}`);
  await ask('GET', '/status/req-unknown');
  await ask('POST', '/execute', { json: { workspace: 'w', command: 7 } });
  await ask('POST', '/execute', { raw: '{' });
  const bearer = await fetch(`${open.house.url}/requests?x=${HOUSE_KEY}`, { headers: { cookie: `key=${HOUSE_KEY}` } });
  answers.push(await bearer.text());
}

/** Networks and the database that fail, and settings that are wrong: errors hold what was tried. */
async function breakThings(pid: number): Promise<void> {
  const { telegram, discord } = open.networks;
  telegram.fail((method) => (method === 'getUpdates' ? null : 'reset'));
  discord.behave(() => 'lost');
  const topic = telegram.topic(GROUP);
  telegram.say({ chat: GROUP, thread: topic, from: ANN.telegram, text: 'canary that nobody hears of' });
  await untilLogged('delivery.failed');
  telegram.fail(() => null);
  discord.behave(() => 'take');
  open.spoilHooks();
  process.kill(pid, 'SIGHUP');
  await untilLogged('hooks.refused');
  await open.postgres.stop('crash');
  await until(async () => (await ask('GET', '/requests')).status === 503);
  await ask('POST', '/execute', { json: { workspace: 'w', command: 'canary without a database' } });
  await ask('GET', '/health');
  await open.postgres.start();
  await until(async () => (await ask('GET', '/requests')).status === 200);
}

async function lookEverywhere(): Promise<void> {
  const lists = ['/requests', '/sessions', '/session/w', '/session/w/screen', '/approvals', '/deliveries', '/webhooks'];
  const others = ['/keys', '/audit', '/usage', '/health', '/metrics', '/readyz', '/livez', '/status', '/api-docs'];
  for (const at of [...lists, ...others]) expect([at, (await ask('GET', at)).status]).toEqual([at, 200]);
  answers.push(await (await fetch(open.metricsUrl)).text());
}

/** Without those that may be there. */
function found(text: string, ...allowed: readonly string[]): readonly string[] {
  expect(text).not.toBe('');
  const all = [...open.ofSettings.values(), open.ofHook, open.ofHookConfig, ...made];
  return findCanaries(all, text).filter((name) => !allowed.includes(name));
}

test('each setting that is a secret has a canary', () => {
  expect([...open.ofSettings.keys()].toSorted()).toEqual(SECRET_SETTINGS.toSorted());
});

test('the search finds a canary where one is, also in base64', () => {
  const { core = '' } = open.ofSettings.get('ANTHROPIC_API_KEY') ?? {};
  for (const before of ['', 'x', 'xx', 'user:'])
    expect(found(Buffer.from(`${before}${core}:`).toString('base64'))).toEqual(['ANTHROPIC_API_KEY']);
  expect(found(open.seenByHook('secretive'))).toEqual(['the environment of a hook']);
});

describe('no secret is in', () => {
  test('the log at level debug', () => {
    expect(open.house.log()).toContain('"level":"debug"');
    expect(found(open.house.log())).toEqual([]);
  });

  test('an answer, an error, a metric or a line of the audit log', () => {
    expect(answers.filter((answer) => found(answer).length > 0)).toEqual([]);
  });

  test('an event of a stream, or a terminal', () => {
    expect(streamed.filter((text) => found(text).length > 0)).toEqual([]);
  });

  test('an argument of any process', () => {
    expect([...commands].some((command) => command.includes(open.house.tmuxSocket))).toBe(true);
    expect([...commands].filter((command) => command !== '' && found(command).length > 0)).toEqual([]);
  });

  test('the environment of an agent or of its terminal, but its own credentials', () => {
    const agents = processesWith(open.house.tmuxSocket);
    const isAgent = (pid: number): boolean => readOf(pid, 'environ').includes('DISABLE_AUTOUPDATER');
    expect(agents.some(isAgent)).toBe(true);
    const own = ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'];
    for (const pid of agents)
      expect(found(`${pid} ${readOf(pid, 'environ')}`, ...(isAgent(pid) ? own : []))).toEqual([]);
  });

  test('the environment of any process but the gateway', () => {
    const others = listProcesses().filter((pid) => !readOf(pid, 'cmdline').includes('src/main.ts'));
    const own = ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'];
    expect(others.filter((pid) => found(`${pid} ${readOf(pid, 'environ')}`, ...own).length > 0)).toEqual([]);
  });

  test('the environment of a hook, but its own', () => {
    expect(found(open.seenByHook('secretive'), 'the environment of a hook')).toEqual([]);
    expect(open.seenByHook('plain')).toContain('PATH=');
    expect(found(open.seenByHook('plain'))).toEqual([]);
  });

  test('what webhooks, chats and the collector of traces are sent', () => {
    const { networks, receiver, collector } = open;
    expect(collector.received.length).toBeGreaterThan(0);
    expect(found(JSON.stringify(receiver.received))).toEqual([]);
    expect(found(JSON.stringify(collector.received))).toEqual([]);
    expect(found(JSON.stringify(networks.telegram.calls))).toEqual([]);
    const calls = networks.discord.calls.map((call) => ({ ...call, query: String(call.query) }));
    expect(found(JSON.stringify(calls))).toEqual([]);
  });

  test.each(SECRET_SETTINGS)('the refusal of a wrong %s', (name) => {
    const { core = '' } = open.ofSettings.get(name) ?? {};
    const refuse = (): unknown => readConfig({ [name]: `${core}\u0001 wrong` });
    expect(refuse).toThrow(ConfigError);
    expect(refuse).toThrow(name);
    expect(refuse).not.toThrow(core);
  });
});
