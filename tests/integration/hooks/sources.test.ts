import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SOURCES, type Source } from '../../../src/core/model/request.ts';
import { type AllSurfaces, openAllSurfaces, WORKSPACE } from '../../helpers/all-surfaces.ts';
import { readNotes, writeHook } from '../../helpers/hook-files.ts';
import { until } from '../../helpers/until.ts';

/** Who asked, as the hooks see it; `null`: somebody, as each run names them anew. */
const IDENTITIES: Readonly<Record<Source, Identity>> = {
  http: { transport: 'http', user_id: 'default', channel_id: 'http-api', thread_id: null },
  inject: { transport: 'inject', user_id: null, channel_id: expect.any(String), thread_id: expect.any(String) },
  bot: { transport: 'http', user_id: 'default', channel_id: expect.any(String), thread_id: null },
  ws: { transport: 'ws', user_id: 'default', channel_id: expect.any(String), thread_id: null },
  file: { transport: 'file', user_id: null, channel_id: expect.any(String), thread_id: null },
  quick: { transport: 'quick', user_id: 'key', channel_id: 'quick', thread_id: null },
  telegram: { transport: 'telegram', user_id: '42', channel_id: '-1001234567890', thread_id: expect.any(String) },
  discord: {
    transport: 'discord',
    user_id: '80351110224678912',
    channel_id: expect.any(String),
    thread_id: expect.any(String),
  },
  cli: { transport: 'cli', user_id: null, channel_id: 'cli', thread_id: null },
};

interface Identity {
  readonly transport: string;
  readonly user_id: unknown;
  readonly channel_id: unknown;
  readonly thread_id: unknown;
}

type Note = Readonly<Record<string, unknown>>;

/** What a hook is told that is another thing each time, or says who asked. */
const OF_EACH = ['identity', 'sender_id', 'chat_id', 'thread_id', 'event_id', 'duration_ms'];

/** The scenarios: what is asked, how it ends, and what the hooks are told. */
const SCENARIOS = [
  ['say yes', 'completed', ['pre_session', 'post_session']],
  ['please fail', 'failed', ['pre_session', 'on_error', 'post_session']],
  ['never end', 'cancelled', ['pre_session', 'post_session']],
  ['do what is denied', 'failed', ['pre_session']],
] as const;

const RULES = [
  { match: 'please fail', do: { failure: 'server_error', text: 'The model broke.' } },
  { match: 'never end', do: { hang: true } },
];

describe('hooks are told the same, wherever a request comes in', () => {
  let house: AllSurfaces;
  let notes = '';
  let overHttp: readonly Note[] = [];

  beforeAll(async () => {
    house = await openAllSurfaces(RULES, (root) => {
      notes = path.join(root, 'notes.jsonl');
      writeHook(root, 'witness.sh', WITNESS);
      const hooks = [{ ref: 'witness.sh', events: ['pre_session', 'post_session', 'on_error'], timeout_ms: 20_000 }];
      writeFileSync(path.join(root, 'hooks.json'), JSON.stringify({ hooks }));
      return { HOOKS_FILE: path.join(root, 'hooks.json') };
    });
    overHttp = await hear('http');
  }, 300_000);
  afterAll(() => house.close());

  /** Gives the prompt at its surface, or where there is none to the core. */
  async function submit(source: Source, prompt: string): Promise<void> {
    const way = house.ways[source];
    if (way !== null) return way(prompt);
    const identity = { ...IDENTITIES[source] } as {
      transport: string;
      user_id: null;
      channel_id: string;
      thread_id: null;
    };
    const more = { workspace: WORKSPACE, promptField: 'prompt', priority: 'normal' } as const;
    await house.gateway.api.requests.submit({ ...more, prompt, source, identity });
  }

  async function run(source: Source, prompt: string): Promise<string> {
    const { requests } = house.gateway.api;
    const before = await requests.list({ source }, null, 100);
    await submit(source, prompt);
    const made = await until(async () => {
      const now = await requests.list({ source }, null, 100);
      return now.length > before.length ? now[0] : undefined;
    });
    if (prompt === 'never end') {
      await until(async () => (await requests.read(made.id)).request.phase === 'working');
      await requests.cancel(made.id);
    }
    return (await requests.waitForEnd(made.id, AbortSignal.timeout(60_000))).state;
  }

  /** What the hooks are told in all scenarios, without what is another thing each time. */
  async function hear(source: Source): Promise<readonly Note[]> {
    const seen = readNotes(notes).length;
    let expected = seen;
    for (const [prompt, state, events] of SCENARIOS) {
      expect(await run(source, prompt)).toBe(state);
      expected += events.length;
      await until(() => readNotes(notes).length === expected);
      expect(
        readNotes(notes)
          .slice(-events.length)
          .map(({ type }) => type),
      ).toEqual([...events]);
    }
    const own = readNotes(notes).slice(seen);
    for (const { identity } of own) expect(identity).toEqual(IDENTITIES[source]);
    for (const { pre_session_metadata: metadata, type } of own) {
      expect(metadata).toEqual(type === 'pre_session' ? undefined : { witness: true });
    }
    return own.map(withoutOwn);
  }

  test.each(SOURCES.filter((source) => source !== 'http'))(
    '%s as http',
    async (source) => expect(await hear(source)).toEqual(overHttp),
    180_000,
  );

  test('a denial is said in the thread of each chat', async () => {
    // At the pace of its network, behind all else that was said there.
    await until(() => house.chatted().every((texts) => texts.some((text) => text.includes('Nobody may.'))), 90_000);
  });

  /** The agent of quick tasks is another program: tests/e2e/quick.test.ts asks at its surface. */
  const ELSEWHERE: readonly Source[] = ['quick'];

  test('a source without a surface has none: the day it has one, it is asked there', () => {
    const bare = SOURCES.filter((source) => house.ways[source] === null && !ELSEWHERE.includes(source));
    expect(bare).toEqual(['cli']);
    const surfaces = globSync('src/**/*.ts').filter((file) => {
      const text = readFileSync(file, 'utf8');
      return bare.some((source) => text.includes(`source: '${source}'`));
    });
    expect(surfaces).toEqual([]);
  });
});

function withoutOwn(note: Note): Note {
  // What a cancelled turn took depends on how far the agent had come: nothing that is known, or nothing.
  const own = note['status'] === 'cancelled' ? [...OF_EACH, ...SPENT] : OF_EACH;
  return Object.fromEntries(Object.entries(note).filter(([name]) => !own.includes(name)));
}

const SPENT = ['tokens_in', 'tokens_out', 'cost_usd'];

const WITNESS = `
told=$(cat)
printf '%s\\n' "$told" >> notes.jsonl
case $told in
  *'"type":"pre_session"'*'is denied'*) echo '{"allow": false, "reason": "Nobody may."}' ;;
  *) echo '{"metadata": {"witness": true}}' ;;
esac`;
