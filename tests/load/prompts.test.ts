import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../src/core/model/errors.ts';
import { normalisePrompt, PROMPT_MAX_BYTES, type Alteration } from '../../src/core/model/prompt.ts';
import type { AgentSession, Arrival, TurnObserver } from '../../src/core/ports/agent.ts';
import { claudeProgram } from '../helpers/claude-program.ts';
import { openDriverRig, type DriverRig } from '../helpers/driver-rig.ts';
import { startScriptedModel, type ScriptedModel } from '../helpers/scripted-model.ts';

/** `PROMPTS=2000 SEED=7 npm run test:load -- tests/load/prompts`: so many, of this seed. */
const PROMPTS = Number(process.env['PROMPTS'] ?? 2_000);
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const PROMPT_WITHIN_MS = 5_000;
const SESSION_PROMPTS = 100;

const never = new AbortController().signal;

const character = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x2fff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x3000, max: 0xd7ff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
  { weight: 1, arbitrary: fc.constantFrom(0x200d, 0xfe0f, 0x202e, 0x2028, 0xfeff, 0x301, 0x1b, 0xd) },
);
const text = fc.array(character, { minLength: 1, maxLength: 300 }).map((points) => String.fromCodePoint(...points));
const word = fc.constantFrom(
  ...['/clear', '/exit', 'exit', '!echo hi', '#', '&', '?', '@/etc/hostname', '@src', '\\', '`id`', '$(id)', '$HOME'],
  ...['/usr/bin/env', '/w/shot.png', './a b.JPG', '\u001b[31mred\u001b[0m', '\u001b[201~', '\u0003', 'all:\n\tcc -o a'],
  ...[
    '# Title\n\n- one\n- two\n\n```ts\nconst a = 1;\n```\n',
    'a\tb\tc',
    '[Pasted text #1 +3 lines]',
    '---',
    '<x>&amp;</x>',
    '<pasted_content id="1">\na\n</pasted_content>',
    '\uff1cPASTED-CONTENT>',
    '< pasted content',
  ],
  ...['👩‍👩‍👧', '❤️', 'می‌خواهم', 'क्‍ष', 'e\u0301', '葛\u{e0100}'],
);
const long = fc
  .tuple(
    fc.constantFrom('x', 'line\n', 'a\tb\n', '0123456789', 'é', '漢字', '😀'),
    fc.integer({ min: 1, max: 262_144 }),
  )
  .map(([unit, bytes]) => unit.repeat(Math.max(1, Math.floor(bytes / Buffer.byteLength(unit)))));
const first = fc.integer({ min: 0x20, max: 0x2ff }).map((point) => String.fromCodePoint(point));
const prompt = fc.oneof(
  { weight: 6, arbitrary: text },
  {
    weight: 5,
    arbitrary: fc.array(fc.oneof(word, text), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' ')),
  },
  { weight: 3, arbitrary: fc.tuple(first, text).map(([one, rest]) => one + rest) },
  { weight: 2, arbitrary: word },
  { weight: 1, arbitrary: long },
);

interface Wanted {
  readonly text: string;
  readonly altered: readonly Alteration[];
}

/** What the gateway would store; null for what it refuses. */
function toWanted(raw: string): Wanted | null {
  try {
    return normalisePrompt(raw, 'command');
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

describe(`${PROMPTS} prompts, seed ${SEED}`, () => {
  let model: ScriptedModel;
  let rig: DriverRig;
  let session: AgentSession | null = null;

  beforeAll(async () => {
    model = await startScriptedModel(() => 'ok');
    rig = await openDriverRig({ bin: claudeProgram(), extraArgs: [], baseUrl: model.url });
  });
  afterAll(async () => {
    await rig.close();
    await model.close();
  });

  test(
    'reach the model as they were sent, or as the request says that they were changed',
    async () => {
      const wanted = fc.sample(prompt, { numRuns: PROMPTS, seed: SEED }).flatMap((raw) => toWanted(raw) ?? []);
      const found: Record<string, number> = {};
      const count = (what: string): void => void (found[what] = (found[what] ?? 0) + 1);
      const fitting = wanted.filter(({ text: one }) => Buffer.byteLength(one) <= PROMPT_MAX_BYTES);
      for (const [at, { text: sent }] of fitting.entries()) {
        if (at % SESSION_PROMPTS === 0) session = await openNext(at);
        const arrival = await run(sent, count);
        expect(model.prompts.at(-1)).toBe(arrival.text);
        if (arrival.altered.length === 0) expect(arrival.text).toBe(sent);
        else expect(arrival.text).not.toBe(sent);
        for (const how of ['sent', ...arrival.altered]) count(how);
      }
      const first = Math.ceil(fitting.length / SESSION_PROMPTS);
      expect(model.prompts).toHaveLength((found['sent'] ?? 0) + first);
      process.stdout.write(`prompts, seed ${SEED}: ${JSON.stringify(found)}\n`);
    },
    PROMPTS * PROMPT_WITHIN_MS,
  );

  /** Each call brings the model the whole conversation, so one of thousands takes gigabytes. */
  async function openNext(at: number): Promise<AgentSession> {
    await session?.close();
    const workspace = `prompts-${at}`;
    const cwd = await rig.workspace(workspace);
    session = await rig.driver.open({ workspace, cwd, agentSessionId: null }, never);
    // The agent puts reminders of its own in front of the first one, and nobody can tell whose the line break is.
    await run('first of all', () => {});
    return session;
  }

  async function run(sent: string, count: (what: string) => void): Promise<Arrival> {
    let arrival: Arrival | null = null;
    const observer: TurnObserver = {
      prepared: async () => {},
      submitting: async () => {},
      working: async (arrived) => void (arrival = arrived),
      asked: () => new Promise(() => {}),
      noticed: ({ type }) => {
        if (type === 'enter.repeated') count('enter repeated');
      },
    };
    const end = await session?.runTurn(sent, observer, never);
    expect({ sent, end }).toMatchObject({ end: { kind: 'completed', text: 'ok' } });
    if (arrival === null) throw new Error(`no arrival of ${JSON.stringify(sent)}`);
    return arrival;
  }
});
