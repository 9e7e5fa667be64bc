import { runGroup, type GroupResult } from '../../lib/run-group.ts';
import { withoutPasswords } from '../git/git.ts';
import type { RemoteSettings } from './remotes.ts';

export interface PullRequest {
  /** Of the remote that has the branch. */
  readonly url: string;
  readonly branch: string;
  /** Null: the remote's default branch. */
  readonly into: string | null;
  readonly title: string;
  readonly body: string;
}

export interface OpenedPullRequest {
  readonly link: string | null;
  readonly note: string | null;
}

interface Requester {
  readonly env: Readonly<Record<string, string>>;
  readonly remote: RemoteSettings;
}

/** A draft, by the program of its forge where there is one. The branch is there already, so nothing of this ever fails
 *  for good: without a link a note says why. */
export async function openPullRequest(
  { env, remote }: Requester,
  request: PullRequest,
  signal: AbortSignal,
): Promise<OpenedPullRequest> {
  const forge = toForge(request.url);
  if (forge === null) return { link: null, note: 'the remote is no forge that has pull requests' };
  const program = forge.host.includes('gitlab') ? 'glab' : 'gh';
  const result = await runGroup(program, program === 'gh' ? toGh(forge, request) : toGlab(forge, request), {
    // No repository: neither program asks git for anything.
    cwd: '/',
    env: { ...env, ...QUIET },
    timeoutMs: remote.timeoutMs,
    maxBytes: 64 * 1024,
    signal,
  });
  signal.throwIfAborted();
  const link = findLink(result, forge);
  if (link !== null) return { link, note: null };
  return { link: null, note: result.code === 127 ? `${program} is not installed` : `${program}: ${toWords(result)}` };
}

const QUIET = {
  GH_PROMPT_DISABLED: '1',
  GH_NO_UPDATE_NOTIFIER: '1',
  GLAB_CHECK_UPDATE: 'false',
  NO_PROMPT: '1',
  NO_COLOR: '1',
  GIT_TERMINAL_PROMPT: '0',
} as const;

function toGh({ host, path }: Forge, { branch, into, title, body }: PullRequest): readonly string[] {
  const base = into === null ? [] : [`--base=${into}`];
  const where = [`--repo=${host}/${path}`, `--head=${branch}`, ...base];
  return ['pr', 'create', '--draft', ...where, `--title=${title}`, `--body=${body}`];
}

function toGlab({ host, path }: Forge, { branch, into, title, body }: PullRequest): readonly string[] {
  const base = into === null ? [] : [`--target-branch=${into}`];
  const where = [`--repo=https://${host}/${path}`, `--source-branch=${branch}`, ...base];
  return ['mr', 'create', '--draft', '--yes', ...where, `--title=${title}`, `--description=${body}`];
}

export interface Forge {
  readonly host: string;
  /** `owner/name`, of some forges with more in between. */
  readonly path: string;
}

const PATH = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** Null: a folder, or an address that says no host and path. */
export function toForge(url: string): Forge | null {
  const [, host = '', full = ''] =
    /^(?:https?|ssh):\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[^/@:]+@)?([^/:]+):([^:].*)$/.exec(url) ??
    [];
  const path = full
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return HOST.test(host) && PATH.test(path) ? { host: host.toLowerCase(), path } : null;
}

/** Of the new one, or of the one that is there: both programs name it. Never one of another host. */
function findLink({ stdout, stderr }: GroupResult, { host }: Forge): string | null {
  const links = `${stdout.toString()}\n${stderr}`.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
  const isRequest = (link: string): boolean =>
    URL.parse(link)?.hostname === host && /\/(pull|merge_requests)\/\d+$/.test(link);
  return links.find(isRequest) ?? null;
}

const WORDS_MAX = 500;

function toWords({ ended, stderr, code }: GroupResult): string {
  if (ended === 'late') return 'it took too long';
  if (ended === 'full') return 'it said too much';
  return withoutPasswords(stderr).trim().replaceAll(/\s+/g, ' ').slice(0, WORDS_MAX) || `it ended with ${code}`;
}
