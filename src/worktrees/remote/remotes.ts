import path from 'node:path';
import { shellWord } from '../../lib/shell-word.ts';
import type { Git, GitCall } from '../git/git.ts';
import type { Protocols } from '../git/overrides.ts';
import { toPlace, type Repository } from '../git/repositories.ts';

export interface Remote {
  /** Of its branches here: `refs/remotes/<name>/`. */
  readonly name: string;
  readonly fetchUrl: Address;
  readonly pushUrl: Address;
}

/** What git is given in the place of a remote's name, whose settings name programs. */
export interface Address {
  readonly url: string;
  readonly protocols: Protocols;
  /** On this machine: the folder. */
  readonly folder: string | null;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** `origin`, or the only one. Null when there is none; a text when its address is none that git may use here. */
export async function findRemote(git: Git, repository: Repository): Promise<Remote | string | null> {
  const place = toPlace(repository);
  const keys = await git.look(place, ['config', '-z', '--name-only', '--get-regexp', '^remote\\..*\\.url$']);
  const names = [...new Set((keys ?? '').split('\0').map((key) => key.slice('remote.'.length, -'.url'.length)))];
  const usable = names.filter((name) => NAME.test(name));
  const name = usable.includes('origin') ? 'origin' : usable.length === 1 ? usable[0] : undefined;
  if (name === undefined) return null;
  const [fetchUrl, pushUrl] = await Promise.all(
    [[], ['--push']].map(async (how) => {
      const url = await git.look(place, ['remote', 'get-url', ...how, name]);
      return url === null ? null : toAddress(url.split('\n')[0] ?? '', repository.root);
    }),
  );
  if (!fetchUrl || !pushUrl) return `the address of the remote ${name} is none of https, http, ssh and a folder`;
  return { name, fetchUrl, pushUrl };
}

/** As git reads it; null for one that would have git start another program, or that looks like an option. */
export function toAddress(url: string, root: string): Address | null {
  // oxlint-disable-next-line eslint/no-control-regex -- just these
  if (url === '' || url.startsWith('-') || /[\u0000-\u001f\u007f]/.test(url)) return null;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'https':
      return { url, protocols: 'https', folder: null };
    case 'http':
      return { url, protocols: 'http:https', folder: null };
    case 'ssh':
      return { url, protocols: 'ssh', folder: null };
    case 'file':
      return toFolder(url.slice('file://'.length), root);
    case undefined:
      break;
    default:
      return null;
  }
  if (/^[^/]*::/.test(url)) return null;
  // A colon before the first slash: host and path of ssh.
  return /^[^/]+:/.test(url) ? { url, protocols: 'ssh', folder: null } : toFolder(url, root);
}

function toFolder(name: string, root: string): Address {
  const folder = path.resolve(root, name);
  return { url: folder, protocols: 'file', folder };
}

/** The program at the other end, named by us: it goes before what the settings say. On this machine it is git again, in
 *  a repository whose settings and hooks would run as the agents' user. */
export function toFarProgram({ folder }: Address, program: 'upload-pack' | 'receive-pack'): string {
  if (folder === null) return `git-${program}`;
  const settings = [
    ...FAR_SETTINGS,
    ...[folder, path.join(folder, '.git'), `${folder}.git`].map((known) => `safe.directory=${known}`),
  ];
  return ['git', ...settings.flatMap((one) => ['-c', shellWord(one)]), program].join(' ');
}

const FAR_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=true',
  'receive.denyCurrentBranch=refuse',
  'receive.autogc=false',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** How git may speak to it: with the operator's own way to log in, from the home of the agents. */
export async function toCall(git: Git, { protocols }: Address, where: RemoteSettings): Promise<GitCall> {
  return { protocols, timeoutMs: where.timeoutMs, settings: await readHome(git, where.home) };
}

export interface RemoteSettings {
  readonly timeoutMs: number;
  /** The HOME of the agents. */
  readonly home: string;
}

async function readHome(git: Git, home: string): Promise<readonly (readonly [string, string])[]> {
  const file = path.join(home, '.gitconfig');
  // No repository is asked.
  const place = { cwd: '/', gitDir: '/dev/null', worktree: null };
  const args = ['config', '--file', file, '--includes', '-z', '--get-regexp', '^(credential|http)\\.'];
  const result = await git.run(place, args, { isRead: true });
  if (result.code !== 0 || result.ended !== 'itself') return SLOW;
  const own = result.stdout
    .toString()
    .split('\0')
    .filter((entry) => entry.includes('\n'))
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)] as const)
    .filter(([key]) => key !== 'http.savecookies');
  return [...own, ...SLOW];
}

/** A remote that stands still ends by itself, also when nobody is left to end it. */
const SLOW = [
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '10'],
] as const;
