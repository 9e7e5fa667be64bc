import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSamePrompt } from '../../src/agents/claude/screen/arrived-prompt.ts';
import { toComposerText } from '../../src/agents/claude/screen/composer.ts';
import { GatewayError } from '../../src/core/model/errors.ts';
import { normalisePrompt } from '../../src/core/model/prompt.ts';
import { isWorkspaceName } from '../../src/core/model/workspace.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { anyText } from '../helpers/any-text.ts';
import { HOUSE_KEY } from '../helpers/gateway-house.ts';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { openLoadHouse, type LoadHouse } from './load-house.ts';

const TYPED = Number(process.env['TYPED'] ?? 300);
const SEED = Number(process.env['SEED'] ?? 1);
const WITHIN_MS = 5_000;
const SESSIONS = 3;

let folder: string;
/** Whatever runs something makes it. */
let mark: string;
let house: LoadHouse;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-typed-'));
  mark = path.join(folder, 'ran');
  house = await openLoadHouse([{ match: '', do: { text: 'ok' } }]);
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

/** What runs it where a shell, tmux or the agent would read it. */
const COMMANDS = [
  '`touch MARK`',
  '$(touch MARK)',
  '; touch MARK;',
  '#(touch MARK)',
  '#{l:x}#(touch MARK)',
  '!touch MARK',
  "' touch MARK '",
  '" & touch MARK & "',
  "run-shell 'touch MARK'",
  "; run-shell 'touch MARK' ;",
  '\\; run-shell "touch MARK"',
  '\n!touch MARK\n',
];
/** What a terminal, tmux or an editor takes as more than a text. */
const SEQUENCES = [
  '\u001b[201~',
  '\u001b[200~',
  '\u001b[31m',
  '\u001b]0;title\u0007',
  '\u001b]52;c;dG91Y2g=\u0007',
  '\u001bPtmux;\u001b\u001b]0;x\u0007\u001b\\',
  '\u001bP+q544e\u001b\\',
  '\u001b[c',
  '\u001b[6n',
  '\u009b201~',
  '\u0002:',
  '\u0002c',
  '\u0003',
  '\u0004',
  '\u0018\u0005',
  '\u001a',
  '\u001b\u001b',
  '\r',
  '\r\n',
  '\u0000',
  '\u0007',
  '\b\b\b',
  '\u007f',
  '\u2028',
];
const WORDS = [
  ...['Enter', 'C-c', 'C-m', 'Escape', 'BSpace', 'KPEnter', '-X cancel', '-t', '--', '-l', '\\;', ';'],
  ...[
    '#{pane_id}',
    '#{q:pane_title}',
    '#S',
    '#[fg=red]',
    '##',
    '%1',
    '=claude-w:',
    '{last}',
    '~',
    ':q!',
    '/exit',
    '@MARK',
  ],
  ...['$TMUX', '${IFS}', '%(x)s', '\\x1b[201~', '\\u001b', 'κόσμε', '漢字', '🦊', 'e\u0301', '\u202e', '\ud800'],
];

const part = fc.oneof(
  fc.constantFrom(...COMMANDS),
  fc.constantFrom(...SEQUENCES),
  fc.constantFrom(...WORDS),
  anyText(20),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer({ min: 0, max: 0x9f }).map((point) => String.fromCodePoint(point)),
);
const toText = (parts: readonly string[]): string => parts.join('').replaceAll('MARK', mark);
const texts = (parts: typeof part, count: number): readonly string[] =>
  fc.sample(fc.array(parts, { minLength: 1, maxLength: 8 }), { numRuns: count, seed: SEED }).map(toText);

/** As the agent is to get it; null for what is refused. */
function toExpected(raw: string): string | null {
  try {
    return toComposerText(normalisePrompt(raw, 'command').text).expected;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

describe(`what is typed, seed ${SEED}`, () => {
  test(
    `${TYPED} prompts of control sequences, formats, names of keys and commands arrive as text or are refused; nothing runs`,
    async () => {
      const all = texts(part, TYPED);
      let refused = 0;
      const share = async (_: unknown, at: number): Promise<void> => {
        for (let n = at; n < all.length; n += SESSIONS) {
          const raw = all[n] ?? '';
          const expected = toExpected(raw);
          const json = { workspace: `w${at}`, command: raw };
          const answer = await house.call('POST', '/execute', { json, headers: { prefer: 'wait=60' } });
          if (expected === null) {
            refused += 1;
            expect([raw, answer.status]).toEqual([raw, 400]);
            continue;
          }
          expect({ raw, ...answer.body }).toMatchObject({ raw, state: 'completed', output: { text: 'ok' } });
          const own = promptsIn(house.journal()).filter((prompt) => isSamePrompt(prompt, expected));
          expect([raw, own.length > 0]).toEqual([raw, true]);
        }
      };
      await Promise.all(Array.from({ length: SESSIONS }, share));
      expect(promptsIn(house.journal())).toHaveLength(TYPED - refused);
      expect(existsSync(mark)).toBe(false);
      process.stdout.write(`typed, seed ${SEED}: ${TYPED - refused} arrived, ${refused} were refused\n`);
    },
    60_000 + TYPED * WITHIN_MS,
  );

  test('a workspace has a plain name: any other is refused by every route, and nothing runs', async () => {
    const names = texts(part, TYPED).filter((name) => !isWorkspaceName(name) && name.isWellFormed());
    const sessions = async (): Promise<string> =>
      (await runProgram('tmux', ['-S', house.tmuxSocket, 'list-sessions', '-F', '#{session_name}'])).stdout;
    const before = await sessions();
    for (const name of names) {
      const asked = encodeURIComponent(name);
      const answers = [
        await house.call('POST', '/execute', { json: { workspace: name, command: 'x' } }),
        await house.call('POST', '/session/create', { json: { workspace: name } }),
        await fetch(`${house.url}/session/${asked}/screen`, { headers: { 'x-api-key': HOUSE_KEY } }),
        await fetch(`${house.url}/session/${asked}`, { method: 'DELETE', headers: { 'x-api-key': HOUSE_KEY } }),
      ];
      for (const { status } of answers) expect([name, [400, 404, 405].includes(status)]).toEqual([name, true]);
    }
    expect(await sessions()).toBe(before);
    expect(existsSync(mark)).toBe(false);
  });

  test.each(['t', '0', 'A-', 'a--b', 'claude-x', `${'n'.repeat(63)}`, 'new-session', 'kill-server'])(
    'a workspace may be called %s: its session is its own',
    async (workspace) => {
      const json = { workspace, command: `this is ${workspace}` };
      const { body } = await house.call('POST', '/execute', { json, headers: { prefer: 'wait=60' } });
      expect(body).toMatchObject({ state: 'completed', sessionName: `claude-${workspace}` });
    },
  );
});
