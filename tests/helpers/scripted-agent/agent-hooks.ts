import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

/** One entry of the settings file; `type` is `http` or `command`. */
interface HookEntry {
  readonly type: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly allowedEnvVars?: readonly string[];
  readonly command?: string;
  readonly timeout?: number;
}

export interface HookAnswer {
  readonly decision?: string;
  readonly reason?: string;
  readonly hookSpecificOutput?: {
    readonly decision?: { readonly behavior?: string; readonly message?: string };
  };
}

export interface HookRun {
  /** The answers of all hooks, later ones over earlier ones. */
  readonly answer: HookAnswer;
  /** What the hooks are called: their addresses or commands. */
  readonly names: readonly string[];
  /** A hook that fails is told on the screen and otherwise ignored. */
  readonly errors: readonly string[];
}

export interface AgentHooks {
  /** Rejects when the signal aborts, and for nothing that a hook does. */
  run(event: string, fields: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<HookRun>;
}

const DEFAULT_TIMEOUT_S = 60;

/** The hooks of a settings file, spoken as the real CLI speaks them. What `common` returns stands in every payload. */
export function readAgentHooks(
  settings: string | null,
  common: () => object,
  env: Readonly<Record<string, string | undefined>>,
): AgentHooks {
  const known = settings === null ? {} : (JSON.parse(readFileSync(settings, 'utf8')) as { readonly hooks?: object });
  const events = (known.hooks ?? {}) as Readonly<Record<string, readonly { readonly hooks: readonly HookEntry[] }[]>>;

  return {
    async run(event, fields, signal) {
      const entries = (events[event] ?? []).flatMap((group) => group.hooks);
      const payload = JSON.stringify({ ...common(), ...fields, hook_event_name: event });
      const errors: string[] = [];
      const answers = await Promise.all(
        entries.map(async (entry) => {
          const limit = AbortSignal.timeout((entry.timeout ?? DEFAULT_TIMEOUT_S) * 1000);
          const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
          try {
            const said = entry.type === 'http' ? await post(entry, payload, env, either) : await run(entry, payload);
            return said.trim() === '' ? {} : (JSON.parse(said) as HookAnswer);
          } catch (error) {
            errors.push(error instanceof Error ? error.message : String(error));
            return {};
          }
        }),
      );
      signal?.throwIfAborted();
      const names = entries.map((entry) => entry.url ?? entry.command ?? '');
      return { answer: Object.assign({}, ...answers) as HookAnswer, names, errors };
    },
  };
}

function post(
  entry: HookEntry,
  payload: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(entry.headers ?? {})) {
    headers[name] = value.replaceAll(/\$\{?(\w+)\}?/g, (_all, variable: string) =>
      entry.allowedEnvVars?.includes(variable) === true ? (env[variable] ?? '') : '',
    );
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(entry.url ?? '', { method: 'POST', headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(Buffer.concat(chunks).toString());
        else reject(new Error(`HTTP ${status}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function run(entry: HookEntry, payload: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', entry.command ?? ''], { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString()));
    child.stdin.on('error', () => {});
    child.stdin.end(payload);
  });
}
