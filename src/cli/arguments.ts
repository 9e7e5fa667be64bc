import { HOOK_EVENTS, type HookEvent } from '../core/model/hooks/contexts.ts';
import { isWorkspaceName } from '../core/model/workspace.ts';
import { type KeysCommand, parseKeys } from './keys/arguments.ts';

export interface RunCommand {
  readonly kind: 'run';
  readonly workspace: string;
  /** `-`: from stdin. */
  readonly prompt: string;
  readonly url: string | null;
}

export interface StatusCommand {
  readonly kind: 'status';
  readonly requestId: string;
  readonly url: string | null;
}

export interface DemoCommand {
  readonly kind: 'demo';
  /** Ends after the first answer. */
  readonly once: boolean;
}

export interface ServeCommand {
  readonly kind: 'serve';
  /** Instead of HTTP_API_PORT; null: as that says. */
  readonly port: string | null;
}

export interface HooksCommand {
  readonly kind: 'hooks';
  /** A file, or the name of a hook in HOOKS_FILE. */
  readonly ref: string;
  /** Null: each of its events. */
  readonly event: HookEvent | null;
}

export type Command =
  | { readonly kind: 'down' | 'help' | 'version' }
  | ServeCommand
  | DemoCommand
  | RunCommand
  | StatusCommand
  | HooksCommand
  | KeysCommand
  | { readonly kind: 'misuse'; readonly problem: string };

export function parseArguments(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (rest[0] === '--help' || rest[0] === '-h') return { kind: 'help' };
  switch (name) {
    case undefined:
      return misuse('no command given');
    case 'help':
    case '--help':
    case '-h':
      return { kind: 'help' };
    case '--version':
    case '-v':
      return { kind: 'version' };
    case 'serve':
      return parseServe(rest);
    case 'down':
      return rest.length === 0 ? { kind: name } : misuse(`${name} takes no arguments, got ${rest.join(' ')}`);
    case 'demo':
      return parseDemo(rest);
    case 'run':
      return parseRun(rest);
    case 'status':
      return parseStatus(rest);
    case 'hooks':
      return parseHooks(rest);
    case 'keys': {
      const parsed = parseKeys(rest);
      return typeof parsed === 'string' ? misuse(parsed) : parsed;
    }
    default:
      return misuse(`unknown command: ${name}`);
  }
}

function parseServe(words: readonly string[]): Command {
  if (words.length === 0) return { kind: 'serve', port: null };
  const [option, port, ...more] = words;
  if (option !== '--port' || more.length > 0) return misuse(`serve takes only --port, got ${words.join(' ')}`);
  const isPort = port !== undefined && /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  return isPort ? { kind: 'serve', port } : misuse('--port needs a port from 0 (any free one) to 65535');
}

function parseDemo(rest: readonly string[]): Command {
  const unknown = rest.find((word) => word !== '--once');
  return unknown === undefined ? { kind: 'demo', once: rest.length > 0 } : misuse(`demo does not know ${unknown}`);
}

function parseRun(words: readonly string[]): Command {
  const { url, rest } = takeUrl(words);
  if (url === undefined) return misuse('--url needs an http or https address');
  const [workspace, ...prompt] = rest;
  if (workspace === undefined || prompt.length === 0) return misuse('run needs a workspace and a prompt');
  if (!isWorkspaceName(workspace)) {
    return misuse(`${workspace} is no workspace name: letters, digits, - and _, at most 63, first a letter or digit`);
  }
  return { kind: 'run', workspace, prompt: prompt.join(' '), url };
}

function parseStatus(words: readonly string[]): Command {
  const { url, rest } = takeUrl(words);
  if (url === undefined) return misuse('--url needs an http or https address');
  const [requestId, ...more] = rest;
  if (requestId === undefined || more.length > 0) return misuse('status needs one request id');
  return { kind: 'status', requestId, url };
}

function parseHooks([what, ...words]: readonly string[]): Command {
  const [ref, option, event, ...more] = words;
  if (what !== 'test' || ref === undefined || more.length > 0)
    return misuse('hooks needs: test <ref> [--event <event>]');
  if (option === undefined) return { kind: 'hooks', ref, event: null };
  const known = HOOK_EVENTS.find((one) => one === event);
  if (option !== '--event' || known === undefined) return misuse(`--event needs one of ${HOOK_EVENTS.join(', ')}`);
  return { kind: 'hooks', ref, event: known };
}

/** Options stand before the first plain word: a prompt may say `--url` itself. `url` is undefined when it is wrong. */
function takeUrl(words: readonly string[]): { url: string | null | undefined; rest: readonly string[] } {
  if (words[0] !== '--url') return { url: null, rest: words };
  const parsed = URL.parse(words[1] ?? '');
  const ok = parsed !== null && /^https?:$/.test(parsed.protocol);
  return { url: ok ? parsed.href.replace(/\/+$/, '') : undefined, rest: words.slice(2) };
}

function misuse(problem: string): Command {
  return { kind: 'misuse', problem };
}
