import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../../core/model/errors.ts';
import { runGroup, type GroupOptions, type GroupResult } from '../../lib/run-group.ts';
import { toEnvironment, type Protocols } from './overrides.ts';

/** Where git works. All of it is named, so that nothing in a folder leads git elsewhere. */
export interface GitPlace {
  readonly cwd: string;
  readonly gitDir: string;
  /** Null: it needs none. */
  readonly worktree: { readonly path: string; readonly commonDir: string } | null;
}

export interface GitCall {
  readonly input?: string;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Another index than the place's own. */
  readonly index?: string;
  /** It reads or writes contents of files: programs of the settings that convert them are named first, and set to none. */
  readonly touchesFiles?: boolean;
  /** It changes nothing, so it may outlive this process. */
  readonly isRead?: boolean;
  /** By default none. */
  readonly protocols?: Protocols;
  /** By default that of commands which reach no remote. */
  readonly timeoutMs?: number;
  /** What git is to read beside what it finds. */
  readonly settings?: readonly (readonly [string, string])[];
}

export interface Git {
  /** Any end is a value. */
  run(place: GitPlace, args: readonly string[], call?: GitCall): Promise<GroupResult>;
  /** What it says, without the last line break. @throws GatewayError `git_failed` */
  ask(place: GitPlace, args: readonly string[], call?: GitCall): Promise<string>;
  /** The same of a command that changes nothing: once more when it fails, for it may have seen another one's half step.
   *  Null when it fails again. */
  look(place: GitPlace, args: readonly string[], call?: GitCall): Promise<string | null>;
}

const AGAIN_MS = 50;

/** `env`: what git may know of this machine. */
export function createGit(env: Readonly<Record<string, string>>, timeoutMs: number): Git {
  async function run(place: GitPlace, args: readonly string[], call: GitCall = {}): Promise<GroupResult> {
    const filters = call.touchesFiles === true ? await findFilters(place, call) : [];
    const { cwd, gitDir, worktree } = place;
    const surroundings = toEnvironment({
      base: env,
      protocols: call.protocols ?? 'none',
      settings: [...filters, ...(call.settings ?? [])],
    });
    return start(args, {
      ...{ cwd, timeoutMs: call.timeoutMs ?? timeoutMs, isLeashed: call.isRead !== true },
      ...{ input: call.input, maxBytes: call.maxBytes, signal: call.signal },
      env: {
        ...surroundings,
        GIT_DIR: gitDir,
        ...(worktree !== null && { GIT_WORK_TREE: worktree.path, GIT_COMMON_DIR: worktree.commonDir }),
        ...(call.index !== undefined && { GIT_INDEX_FILE: call.index }),
      },
    });
  }

  /** With those of included files, as this very place reads them. */
  async function findFilters(place: GitPlace, { signal }: GitCall): Promise<readonly (readonly [string, string])[]> {
    const result = await run(place, ['config', '-z', '--name-only', '--get-regexp', '^filter\\.'], {
      signal,
      isRead: true,
    });
    // 1: there is none.
    if (result.code !== 1) check(result, ['config'], signal);
    const keys = result.stdout.toString().split('\0').filter(Boolean);
    const names = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))));
    return [...names].flatMap((name) => [
      [`${name}.process`, ''] as const,
      [`${name}.clean`, ''] as const,
      [`${name}.smudge`, ''] as const,
      [`${name}.required`, 'false'] as const,
    ]);
  }

  const ask: Git['ask'] = async (place, args, call = {}) => {
    const result = await run(place, args, call);
    check(result, args, call.signal);
    return toText(result);
  };

  return {
    run,
    ask,
    async look(place, args, call = {}) {
      const reading = { ...call, isRead: true };
      const first = await run(place, args, reading);
      if (first.code === 0 && first.ended === 'itself') return toText(first);
      call.signal?.throwIfAborted();
      await delay(AGAIN_MS);
      const second = await run(place, args, reading);
      call.signal?.throwIfAborted();
      return second.code === 0 && second.ended === 'itself' ? toText(second) : null;
    },
  };
}

async function start(args: readonly string[], options: GroupOptions): Promise<GroupResult> {
  try {
    return await runGroup('git', args, options);
  } catch (cause) {
    throw new GatewayError('git_failed', 'git cannot be started: it is not installed, or its folder is gone', {
      cause,
    });
  }
}

function toText({ stdout }: GroupResult): string {
  return stdout.toString().replace(/\n$/, '');
}

/** @throws GatewayError `git_failed`, or what the signal was aborted with. */
export function check(result: GroupResult, args: readonly string[], signal?: AbortSignal): void {
  if (result.code === 0 && result.ended === 'itself') return;
  signal?.throwIfAborted();
  throw new GatewayError('git_failed', `git ${args[0]}: ${toReason(result)}`, { retry: 'later' });
}

const REASON_MAX = 500;

/** Why it failed, in git's own words but without passwords of addresses. */
export function toReason({ ended, stderr, code }: GroupResult): string {
  if (ended === 'late') return 'it took too long, and was ended';
  if (ended === 'full') return 'it said too much, and was ended';
  const lines = withoutPasswords(stderr)
    .split('\n')
    .filter((line) => /^(fatal|error|remote|!|ssh|git)\b|denied|refused/i.test(line));
  const told = (lines.length > 0 ? lines : stderr.split('\n').filter(Boolean)).join('; ').slice(0, REASON_MAX);
  return told === '' ? `it ended with ${code ?? 'a signal'}` : told;
}

export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi, '$1');
}
