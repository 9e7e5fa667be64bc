import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { commitFiles, createRepositoryRig, lookAtCheckout, never, writeFiles } from '../helpers/repository-rig.ts';
import type { RepositoryRig } from '../helpers/repository-rig.ts';

const HOOKS = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit', 'prepare-commit-msg'],
  ...['commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge', 'pre-push', 'pre-receive', 'update'],
  ...['proc-receive', 'post-receive', 'post-update', 'reference-transaction', 'push-to-checkout', 'pre-auto-gc'],
  ...['post-rewrite', 'sendemail-validate', 'fsmonitor-watchman', 'post-index-change'],
];

interface Ground {
  readonly rig: RepositoryRig;
  /** The main checkout. */
  readonly root: string;
  /** The bare repository that is its origin. */
  readonly origin: string;
  /** A program that leaves a mark when it is run, and passes on what it is given. */
  readonly program: string;
  config(...args: readonly string[]): void;
}

interface Case {
  readonly name: string;
  plant(ground: Ground): void | Promise<unknown>;
  /** In the worktree, once it is there. */
  plantInside?(ground: Ground, worktree: string): void;
  /** What is refused there, and so runs nothing; all else is done. */
  readonly refused?: readonly Step[];
  /** What has plain git run the program; null: none of what a person does there would, or it cannot be shown here. */
  readonly proof: readonly (readonly string[])[] | null;
}

type Step = 'find' | 'add' | 'diff' | 'commit' | 'diff again' | 'publish' | 'remove' | 'sweep';

const CHANGE = ['add', '--all'] as const;

/** Those of the table of facts about git, and their brothers. */
const CASES: readonly Case[] = [
  {
    name: 'hooks',
    plant: ({ root, program }) => plantHooks(path.join(root, '.git', 'hooks'), program),
    proof: [['commit', '--allow-empty', '-m', 'x']],
  },
  {
    name: 'core.hooksPath',
    plant: ({ rig, program, config }) => {
      plantHooks(rig.at('planted-hooks'), program);
      config('core.hooksPath', rig.at('planted-hooks'));
    },
    proof: [['commit', '--allow-empty', '-m', 'x']],
  },
  { name: 'core.fsmonitor', plant: ({ config, program }) => config('core.fsmonitor', program), proof: [['status']] },
  {
    name: 'core.fsmonitor of config.worktree',
    plant: ({ root, program, config, rig }) => {
      config('extensions.worktreeConfig', 'true');
      rig.git(root, 'config', '--worktree', 'core.fsmonitor', program);
    },
    plantInside: ({ rig, program }, worktree) =>
      void rig.git(worktree, 'config', '--worktree', 'core.fsmonitor', program),
    proof: [['status']],
  },
  {
    name: 'core.fsmonitor of an included file',
    plant: ({ rig, program, config }) => {
      writeFileSync(rig.at('included'), `[core]\n\tfsmonitor = ${program}\n`);
      config('include.path', rig.at('included'));
    },
    proof: [['status']],
  },
  {
    name: 'filter.smudge',
    plant: (ground) => plantFilter(ground, 'mine', 'smudge'),
    proof: [
      ['rm', '-q', '--cached', 'a.txt'],
      ['reset', '--hard', '-q'],
      ['checkout', 'HEAD~1', '--', 'a.txt'],
    ],
  },
  { name: 'filter.clean', plant: (ground) => plantFilter(ground, 'mine', 'clean'), proof: [CHANGE] },
  { name: 'filter.process', plant: (ground) => plantFilter(ground, 'mine', 'process'), proof: [CHANGE] },
  {
    name: 'a filter whose name holds an equals sign',
    plant: (ground) => plantFilter(ground, 'a=b', 'clean'),
    proof: [CHANGE],
  },
  {
    name: 'a filter that is included on the branches of sessions only',
    plant: (ground) => {
      const { rig, program, config } = ground;
      plantFilter(ground, 'there', 'unused');
      writeFileSync(rig.at('included'), `[filter "there"]\n\tclean = ${program}\n\tsmudge = ${program}\n`);
      config('includeIf.onbranch:quick/**.path', rig.at('included'));
    },
    proof: [['checkout', '-q', '-b', 'quick/mine'], CHANGE],
  },
  {
    name: 'diff.external',
    plant: ({ config, program }) => config('diff.external', program),
    proof: [['diff']],
  },
  { name: 'diff.command', plant: (ground) => plantDiff(ground, 'command'), proof: [['diff']] },
  { name: 'diff.textconv', plant: (ground) => plantDiff(ground, 'textconv'), proof: [['diff']] },
  {
    name: 'gpg.program',
    plant: ({ config, program }) => {
      config('commit.gpgSign', 'true');
      config('gpg.program', program);
    },
    proof: [['commit', '--allow-empty', '-m', 'x']],
  },
  {
    name: 'core.alternateRefsCommand',
    plant: ({ rig, root, config, program }) => {
      rig.git(rig.path, 'clone', '--quiet', '--bare', root, 'alternate');
      commitFiles(rig.git, rig.at('other'), { x: rig.git(rig.path, 'init', '-q', 'other') });
      rig.git(rig.at('other'), 'push', '-q', rig.at('alternate'), 'HEAD:refs/heads/elsewhere');
      rig.git(rig.at('other'), 'push', '-q', rig.at('up.git'), 'HEAD:refs/heads/elsewhere');
      writeFileSync(path.join(root, '.git/objects/info/alternates'), `${rig.at('alternate', 'objects')}\n`);
      config('core.alternateRefsCommand', program);
    },
    proof: [['fetch', 'origin']],
  },
  {
    name: 'core.sshCommand',
    plant: ({ config, program }) => {
      config('core.sshCommand', program);
      config('remote.origin.url', 'ssh://127.0.0.1:1/x/y.git');
    },
    refused: ['publish'],
    proof: [['fetch', 'origin']],
  },
  {
    name: 'remote.uploadpack',
    plant: ({ config, program }) => config('remote.origin.uploadpack', program),
    proof: [['fetch', 'origin']],
  },
  {
    name: 'remote.receivepack',
    plant: ({ config, program }) => config('remote.origin.receivepack', program),
    proof: [['push', 'origin', 'HEAD:refs/heads/x']],
  },
  {
    name: 'uploadpack of a remote that is named by its address',
    plant: ({ config, program, origin }) => {
      const address = `file://${origin}`;
      config('remote.origin.url', address);
      for (const end of ['uploadpack', 'receivepack']) config(`remote.${address}.${end}`, program);
      config(`remote.${address}.url`, address);
      config('push.negotiate', 'true');
    },
    proof: [['fetch', '__origin__']],
  },
  {
    name: 'an ext:: address',
    plant: ({ config, program }) => {
      config('remote.origin.url', `ext::${program} %S`);
      config('protocol.ext.allow', 'always');
    },
    refused: ['publish'],
    proof: [['fetch', 'origin']],
  },
  {
    name: 'an address that is rewritten to ext::',
    plant: ({ config, program }) => {
      config('remote.origin.url', 'https://example.invalid/x/y');
      config(`url.https://twice.invalid/.insteadOf`, 'https://example.invalid/');
      config(`url.ext::${program} .insteadOf`, 'https://twice.invalid/');
      config('protocol.ext.allow', 'always');
    },
    refused: ['publish'],
    proof: [['fetch', 'https://twice.invalid/x']],
  },
  {
    name: 'remote.vcs',
    plant: ({ rig, config, program }) => {
      mkdirSync(rig.at('bin'));
      plantProgram(rig.at('bin', 'git-remote-planted'), `exec ${program}`);
      config('remote.origin.vcs', 'planted');
    },
    proof: null,
  },
  {
    name: 'core.gitProxy',
    plant: ({ config, program }) => {
      config('core.gitProxy', program);
      config('remote.origin.url', 'git://127.0.0.1:1/x/y.git');
    },
    refused: ['publish'],
    proof: [['fetch', 'origin']],
  },
  {
    name: 'credential.helper and core.askPass',
    plant: async ({ config, program }) => {
      const url = await openLockedDoor();
      config('credential.helper', `!${program}`);
      config(`credential.${url}.helper`, `!${program}`);
      config('core.askPass', program);
      config('remote.origin.url', `${url}/x/y.git`);
    },
    refused: ['publish'],
    // The door is in this process, which stands still while it waits for plain git.
    proof: null,
  },
  {
    name: 'hooks and settings of a remote on this machine',
    plant: ({ rig, origin, program }) => {
      plantHooks(path.join(origin, 'hooks'), program);
      rig.git(origin, 'config', 'core.fsmonitor', program);
      rig.git(origin, 'config', 'uploadpack.packObjectsHook', program);
      rig.git(origin, 'config', 'receive.denyCurrentBranch', 'updateInstead');
      rig.git(origin, 'symbolic-ref', 'HEAD', 'refs/heads/quick/quick-1');
    },
    proof: [['push', 'origin', 'HEAD:refs/heads/x']],
  },
  {
    name: 'aliases, pagers, editors, merge drivers and updates of submodules',
    plant: ({ config, program }) => {
      for (const name of ['worktree', 'diff', 'status', 'fetch', 'push', 'add']) config(`alias.${name}`, `!${program}`);
      for (const name of ['pager', 'editor']) config(`core.${name}`, program);
      config('sequence.editor', program);
      config('pager.diff', program);
      config('merge.mine.driver', program);
      config('submodule.a.update', `!${program}`);
    },
    proof: null,
  },
  {
    name: 'core.worktree',
    plant: ({ rig, config }) => {
      mkdirSync(rig.at('elsewhere'));
      config('core.worktree', rig.at('elsewhere'));
    },
    proof: null,
  },
  {
    name: 'a bare repository in a folder of the worktree',
    plant: () => {},
    plantInside: ({ rig, program }, worktree) => {
      rig.git(worktree, 'init', '-q', '--bare', 'planted');
      rig.git(path.join(worktree, 'planted'), 'config', 'core.fsmonitor', program);
    },
    proof: null,
  },
  {
    name: 'a repository in a folder of the worktree, that is known as a submodule',
    plant: () => {},
    plantInside: ({ rig, program }, worktree) => {
      const inner = path.join(worktree, 'inner');
      mkdirSync(inner);
      rig.git(inner, 'init', '-q');
      commitFiles(rig.git, inner, { 'x.txt': 'x\n', '.gitattributes': '*.txt filter=in diff=in\n' });
      rig.git(worktree, 'add', 'inner');
      plantHooks(path.join(inner, '.git', 'hooks'), program);
      for (const key of ['core.fsmonitor', 'filter.in.clean', 'filter.in.process', 'diff.in.command', 'diff.external'])
        rig.git(inner, 'config', key, program);
      writeFiles(inner, { 'x.txt': 'changed\n' });
    },
    proof: null,
  },
  {
    name: 'a promise of objects, by a remote that names its program',
    plant: ({ rig, root, config, program }) => {
      config('core.repositoryFormatVersion', '1');
      config('extensions.partialClone', 'origin');
      config('remote.origin.promisor', 'true');
      config('remote.origin.partialCloneFilter', 'blob:none');
      config('remote.origin.uploadpack', program);
      const blob = rig.git(root, 'rev-parse', 'HEAD:a.txt').trim();
      const file = path.join(root, '.git/objects', blob.slice(0, 2), blob.slice(2));
      rig.git(root, 'update-index', '--refresh');
      rmSync(file);
    },
    refused: ['add'],
    proof: [['cat-file', '-p', 'HEAD:a.txt']],
  },
];

describe('a repository has git run', () => {
  let ground: Ground;
  let rig: RepositoryRig;
  const marks = (): readonly string[] => readdirSync(rig.at('marks'));

  beforeEach(() => {
    rig = createRepositoryRig();
    const root = rig.create('o/r');
    commitFiles(rig.git, root, { 'a.txt': 'one more\n', '.gitattributes': '*.txt filter=mine diff=mine\n' });
    const origin = rig.publishTo('up.git', root);
    mkdirSync(rig.at('marks'));
    plantProgram(rig.at('program'), `touch "${rig.at('marks')}/$$"`);
    const config = (...args: readonly string[]): void => void rig.git(root, 'config', ...args);
    ground = { rig, root, origin, program: rig.at('program'), config };
  });
  afterEach(async () => {
    await closeDoors();
    rig[Symbol.dispose]();
  });

  test.each(CASES)('nothing by $name', async ({ plant, plantInside = () => {}, refused = [] }) => {
    await plant(ground);
    const before = lookAtCheckout(ground.root);
    expect(await live(ground, (worktree) => plantInside(ground, worktree))).toEqual(refused);
    expect(marks()).toEqual([]);
    expect(lookAtCheckout(ground.root)).toBe(before);
  });

  const proven = CASES.filter(({ proof }) => proof !== null);
  test.each(proven)('the mark, where a person uses plain git: $name', async ({ plant, proof }) => {
    await plant(ground);
    writeFiles(ground.root, { 'a.txt': 'changed\n', 'new.txt': 'new\n' });
    for (const command of proof ?? []) {
      const args = command.map((word) => (word === '__origin__' ? `file://${ground.origin}` : word));
      try {
        rig.git(ground.root, ...args);
      } catch {
        // Whether it succeeds is the program's to say.
      }
    }
    expect(marks().length).toBeGreaterThan(0);
  });
});

/** All that is ever done with a worktree. Returns what was refused of it. */
async function live({ rig }: Ground, plantInside: (worktree: string) => void): Promise<readonly Step[]> {
  const { worktrees } = rig;
  const name = { repo: 'o/r', id: 'quick-1' };
  const refused: Step[] = [];
  const step = <T>(what: Step, promise: Promise<T>): Promise<T | null> =>
    promise.catch(() => {
      refused.push(what);
      return null;
    });
  await step('find', worktrees.find('o/r'));
  const added = await step('add', worktrees.add(name, never));
  if (added !== null) {
    plantInside(added.path);
    writeFiles(added.path, { 'a.txt': 'changed\n', 'new.txt': 'new\n' });
    await step('diff', worktrees.diff({ ...name, base: added.base }, 100_000, never));
    await step('commit', worktrees.commit(name, 'all of it', never));
    await step('diff again', worktrees.diff({ ...name, base: added.base }, 100_000, never));
    await step('publish', worktrees.publish(name, { title: 't', body: 'b' }, never));
  }
  await step('remove', worktrees.remove(name));
  await step('sweep', rig.open().sweep([], never));
  return refused;
}

function plantProgram(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

function plantHooks(folder: string, program: string): void {
  mkdirSync(folder, { recursive: true });
  for (const hook of HOOKS) plantProgram(path.join(folder, hook), `exec ${program}`);
}

function plantFilter({ rig, root, config, program }: Ground, name: string, kind: string): void {
  commitFiles(rig.git, root, { '.gitattributes': `*.txt filter=${name}\n` });
  rig.git(root, 'push', '-q', 'origin', 'main');
  config(`filter.${name}.${kind}`, program);
  if (kind === 'process') config(`filter.${name}.required`, 'true');
}

function plantDiff({ config, program }: Ground, kind: string): void {
  config(`diff.mine.${kind}`, program);
}

const doors: Server[] = [];

/** A remote that wants to know who asks. */
async function openLockedDoor(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  doors.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeDoors(): Promise<void> {
  for (const server of doors.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
