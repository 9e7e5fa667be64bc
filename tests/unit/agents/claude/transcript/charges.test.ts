import { describe, expect, test } from '@jest/globals';
import { collectCharges, followSubagents } from '../../../../../src/agents/claude/transcript/charges.ts';
import type { Entry } from '../../../../../src/agents/claude/transcript/entries.ts';
import { readTurnWithSpent } from '../../../../../src/agents/claude/transcript/transcript.ts';
import type { AgentFiles } from '../../../../../src/agents/program/files/agent-files.ts';

interface Said {
  readonly usage?: object;
  readonly model?: string;
  readonly end?: string | null;
  readonly isSidechain?: boolean;
}

function answer(
  id: string,
  output: number,
  { usage = {}, model = 'm', end = 'end_turn', isSidechain }: Said = {},
): Entry {
  const told = { input_tokens: 10, output_tokens: output, cache_read_input_tokens: 3, ...usage };
  const message = { id, model, stop_reason: end, usage: told, content: [{ type: 'text', text: 'x' }] };
  return { type: 'assistant', isSidechain: isSidechain === true, message };
}

function chargesOf(...entries: readonly Entry[]) {
  const charges = collectCharges();
  for (const entry of entries) charges.hear(entry);
  return charges.list();
}

describe('what a turn took', () => {
  test('is told once for each answer, by its last line', () => {
    const told = chargesOf(answer('1', 1, { end: null }), answer('2', 5), answer('1', 7));
    expect(told.map(({ outputTokens, isPartial }) => [outputTokens, isPartial])).toEqual([
      [7, false],
      [5, false],
    ]);
  });

  test('has all on which its price depends', () => {
    const usage = {
      cache_creation_input_tokens: 9,
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 4 },
      server_tool_use: { web_search_requests: 2 },
      speed: 'fast',
      inference_geo: 'us',
      iterations: [{}, {}],
    };
    expect(chargesOf(answer('1', 5, { usage }))).toEqual([
      {
        ...{ model: 'm', inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 9 },
        ...{ cacheWrite1hTokens: 4, webSearches: 2, isFast: true, geo: 'us', isSplit: true, isPartial: false },
      },
    ]);
  });

  test('is nothing for what the CLI says itself, and for lines that are no answers', () => {
    const user = { type: 'user', message: { role: 'user', content: 'hi', usage: {}, model: 'm' } };
    const bare = { type: 'assistant', message: { id: '3', model: 'm' } };
    expect(chargesOf(answer('1', 5, { model: '<synthetic>' }), user, bare, { type: 'assistant' }, {})).toEqual([]);
  });

  test('is partial where the end of a subagent’s answer is not written, and as told where an answer was broken off', () => {
    const [theirs, own] = chargesOf(answer('1', 1, { end: null, isSidechain: true }), answer('2', 1, { end: null }));
    expect([theirs?.isPartial, own?.isPartial]).toEqual([true, false]);
  });
});

test('what a turn took has nothing of the next one that asks the same', async () => {
  const lines = [
    { type: 'user', promptId: 'ours', message: { role: 'user', content: 'again' } },
    answer('1', 5),
    { type: 'system', subtype: 'stop_hook_summary', hookCount: 1 },
    { type: 'user', promptId: 'next', message: { role: 'user', content: 'again' } },
    answer('2', 70),
  ].map((line, at) => ({ parentUuid: at === 0 ? null : `u${at - 1}`, isSidechain: false, ...line, uuid: `u${at}` }));
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const files = { readFrom: async () => text, sizeOf: async () => text.length } as Partial<AgentFiles> as AgentFiles;
  const { found, spent } = await readTurnWithSpent(files, { file: '/t.jsonl', offset: 0 }, 'again');
  expect(found.kind).toBe('ended');
  expect(spent?.charges.map(({ outputTokens }) => outputTokens)).toEqual([5]);
  expect([...(spent?.promptIds ?? [])]).toEqual(['ours']);
});

describe('subagents', () => {
  const asked = (promptId: string): Entry => ({ type: 'user', promptId, isSidechain: true });

  function openFiles(texts: Map<string, string>): AgentFiles {
    const nameOf = (file: string): string => file.replace('/p/c/subagents/', '');
    return {
      list: async () => [...texts.keys()],
      sizeOf: async (file: string) => texts.get(nameOf(file))?.length ?? null,
      readFrom: async (file: string, offset: number) => texts.get(nameOf(file))?.slice(offset) ?? '',
    } as Partial<AgentFiles> as AgentFiles;
  }
  const write = (...entries: readonly Entry[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

  test('are of the turn under whose prompt they ran, each line once', async () => {
    const texts = new Map([
      ['agent-a.jsonl', write(asked('other'), answer('1', 1), asked('ours'), answer('2', 2))],
      ['agent-b.jsonl', write(asked('other'), answer('3', 3))],
      ['agent-a.meta.json', '{}'],
    ]);
    const subagents = followSubagents(openFiles(texts));
    const read = async () => chargesOf(...(await subagents.read('/p/c.jsonl', new Set(['ours']))));
    expect((await read()).map(({ outputTokens }) => outputTokens)).toEqual([2]);
    expect(await read()).toEqual([]);
    texts.set('agent-b.jsonl', `${texts.get('agent-b.jsonl')}${write(asked('ours'), answer('4', 4))}`);
    expect((await read()).map(({ outputTokens }) => outputTokens)).toEqual([4]);
  });
});
