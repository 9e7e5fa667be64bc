import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApiCall } from '../../helpers/api-call.ts';
import { COMPILED } from '../../helpers/compiled.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { TEST_KEY, toEnvironment } from '../../helpers/gateway-rig.ts';
import { createRepositoryRig, type RepositoryRig } from '../../helpers/repository-rig.ts';
import { startScriptedModel, type ScriptedModel } from '../../helpers/scripted-model.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { openClone, PAGES, readBlocks, type Clone } from '../../helpers/typed-docs.ts';
import { until } from '../../helpers/until.ts';

/** Lines that are not typed here, by how they begin, with the reason. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/^docker |^export KEY="\$\(docker /, 'needs a Docker engine: npm run test:docker'],
  [/^sudo /, 'changes the machine'],
  [/^REPOSITORY=|^git clone |^git pull/, 'needs the address of the project'],
  [/^umask 077/, 'belongs to the backup by docker'],
  [/^ID=req-/, 'belongs to the command in the container'],
  [/^npm run demo/, 'stays until Ctrl-C, on fixed words of its own: tests/unit/cli/demo'],
  [/^tmux -S /, 'sits down at the terminal: tests/integration/terminals'],
];

/** Answers that say no where the page offers several to choose from: an approval is answered once. */
const MAY_SAY_NO: Readonly<Record<string, RegExp>> = { 'docs/approvals.md': /"code":"approval_decided"/ };

/** What only a message of the gateway can tell; its secret is made up. */
const SIGNED = { ID: 'msg_1', TIMESTAMP: '1767225600', BODY: '{"type":"request.completed"}' };
const SECRET_BYTES = Buffer.from('a secret of twenty-four!');
const GIVEN: Readonly<Record<string, string>> = {
  'docs/webhooks.md': [
    `SECRET=whsec_${SECRET_BYTES.toString('base64')}`,
    ...Object.entries(SIGNED).map(([name, value]) => `${name}='${value}'`),
  ].join('\n'),
};

/** Of pages whose lines need more than a plain start. */
const START: Readonly<Record<string, string>> = {
  'docs/deployment.md': 'REPOS_ROOT=/srv/repos WORKTREES_ROOT=/srv/worktrees npm start',
  'docs/discord.md': 'TASK_CHANNEL=workspace npm start',
  'docs/telegram.md': 'TASK_CHANNEL=workspace npm start',
};

let model: ScriptedModel;
let repositories: RepositoryRig;
let receiver: Server;
beforeAll(async () => {
  const list = { tool: 'Bash', input: { command: 'touch made', description: 'makes it' }, answer: 'made' };
  model = await startScriptedModel((prompt) => (prompt.startsWith('make') ? list : `echo: ${prompt}`));
  repositories = createRepositoryRig();
  repositories.create('owner/repo');
  receiver = createServer((_request, answer) => answer.writeHead(400).end()).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  await model.close();
  repositories[Symbol.dispose]();
  receiver.close();
});

/** The lines of a page that are typed here, block by block. */
function readTyped(page: string): readonly string[] {
  return readBlocks(page)
    .map(({ lines }) => {
      const commands = lines.split(/(?<!\\)\n(?! |')/);
      return commands.filter((line) => !NOT_HERE.some(([pattern]) => pattern.test(line))).join('\n');
    })
    .filter((lines) => lines.replaceAll(/^#.*$/gm, '').trim() !== '');
}

/** As the README sets them, for all pages. */
const VARIABLES = readTyped('README.md')
  .join('\n')
  .split('\n')
  .filter((line) => /^(export KEY|ID)=/.test(line))
  .join('\n');

describe('A20: the lines of the documents can be typed', () => {
  const pages = PAGES.filter((page) => readTyped(page).length > 0);

  test.each(pages)(
    '%s',
    async (page) => {
      using folder = createTempFolder();
      const [http, bot, inject] = [await findFreePort(), await findFreePort(), await findFreePort()];
      const blocks = readTyped(page);
      const starts = blocks.flatMap((lines) => lines.split('\n')).filter((line) => line.includes('npm start'));
      const start = START[page] ?? starts[0] ?? 'npm start';
      const port = start.includes('--port') ? bot : http;
      const call = createApiCall(`http://127.0.0.1:${port}`, TEST_KEY);
      const { HTTP_API_KEY: _key, DATA_DIR: _data, WORKSPACES_ROOT: _root, ...env } = toEnvironment('.', model.url);
      const clone = openClone({
        folder: folder.path,
        env: {
          ...env,
          NODE_COMPILE_CACHE: COMPILED,
          HTTP_API_PORT: String(http),
          TASK_API_PORT: String(inject),
          WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
        },
        instead: [
          [/127\.0\.0\.1:3000/g, `127.0.0.1:${port}`],
          [/\b8002\b/g, String(bot)],
          [/127\.0\.0\.1:9111/g, `127.0.0.1:${inject}`],
          [/\/srv\/repos/g, repositories.repos],
          [/\/srv\/worktrees/g, repositories.roots],
        ],
        isReady: async () => (await call('GET', '/readyz', { key: null }).catch(() => null))?.status === 200,
      });
      repositories.git(folder.path, 'init', '--quiet');
      writeFileSync(path.join(folder.path, 'changed'), 'one\n');
      repositories.git(folder.path, 'add', 'changed');
      writeFileSync(path.join(folder.path, 'changed'), 'two\n');
      try {
        await clone.start(start);
        if (/approvals|deliveries|\$ID/.test(blocks.join('\n'))) await prepare(clone);
        for (const lines of blocks) await prove(page, clone, lines);
      } finally {
        await clone.close();
      }
    },
    180_000,
  );

  /** What the lines ask about is there: an approval that waits, an answer that was refused. */
  async function prepare(clone: Clone): Promise<void> {
    const address = `webhook:http://127.0.0.1:${(receiver.address() as { readonly port: number }).port}/`;
    const bodies = [
      { workspace: 'asks', command: 'make it' },
      // The latest one, which ends.
      { workspace: 'website', command: 'Say hello', replyTo: address },
    ];
    const posts = bodies.map((body) => `${POST} -d '${JSON.stringify(body)}' $URL/execute`);
    await clone.type([VARIABLES.split('\n')[0], ...posts].join('\n'));
    const isThere = [`$URL/approvals?state=open`, `$URL/deliveries?state=refused`].map(
      (at) => `curl -s -H "X-API-Key: $KEY" "${at}"`,
    );
    await until(async () => {
      const said = await clone.type([VARIABLES.split('\n')[0], ...isThere].join('\n'));
      return said.includes('"id":"apr-') && said.includes('"id":"msg_');
    });
  }

  async function prove(page: string, clone: Clone, lines: string): Promise<void> {
    const typed = lines.split('\n').filter((line) => !line.includes('npm start'));
    const before = page === 'README.md' ? VARIABLES.split('\n')[0] : VARIABLES;
    const said = await clone.type([before, GIVEN[page] ?? '', ...typed].join('\n'));
    const refusals = said.match(/\{[^{}]*"type":"[^"]*problems?[^{}]*\}/g) ?? [];
    expect(refusals.filter((refusal) => MAY_SAY_NO[page]?.test(refusal) !== true)).toEqual([]);
    if (lines.includes('openssl')) {
      const { ID, TIMESTAMP, BODY } = SIGNED;
      const hmac = createHmac('sha256', SECRET_BYTES).update(`${ID}.${TIMESTAMP}.${BODY}`).digest('base64');
      expect(said.trim()).toBe(`v1,${hmac}`);
    }
  }

  const POST = `curl -s -H "X-API-Key: $KEY" -H 'Content-Type: application/json'`;

  test('what is not typed here is named, with a reason that still has a line', () => {
    const all = PAGES.flatMap((page) => readBlocks(page).flatMap(({ lines }) => lines.split('\n')));
    for (const [pattern, reason] of NOT_HERE)
      expect([reason, all.some((line) => pattern.test(line))]).toEqual([reason, true]);
  });
});
