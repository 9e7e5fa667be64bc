import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runProgram, type ProgramResult } from '../../src/lib/run-program.ts';
import { createApiCall, type ApiCall } from '../helpers/api-call.ts';
import { findFreePort } from '../helpers/free-port.ts';

/** The compose project on a fresh checkout, with a port and volumes of its own. */
export interface Deployment {
  readonly url: string;
  readonly call: ApiCall;
  readonly key: string;
  compose(...args: readonly string[]): Promise<string>;
  /** Builds when there is something to build, starts, and waits until it is ready. */
  up(): Promise<void>;
  /** In the container, by a shell of this user. */
  exec(user: 'root' | 'gatehouse' | 'agent' | 'hooks', command: string): Promise<ProgramResult>;
  /** One of the container's values, as `docker inspect` has it. */
  inspect(format: string): Promise<string>;
  /** Sends a request; returns its id. */
  submit(workspace: string, command: string): Promise<string>;
  /** Waits for the end of a request; returns its status document. */
  end(id: string): Promise<StatusDocument>;
  /** Removes its containers, volumes and network. */
  remove(): Promise<void>;
}

export interface StatusDocument {
  readonly state: string;
  readonly phase: string | null;
  readonly reason: string | null;
  readonly output: { readonly text?: string };
  readonly elapsed: number;
  readonly usage: object | null;
  readonly usagePending: boolean;
}

const COMMAND_MAX_MS = 10 * 60_000;
const SERVICE = 'gatehouse';

/** What every command of the suite fails with where it cannot run. */
export async function requireDocker(): Promise<void> {
  const { code } = await docker(['compose', 'version']).catch(() => ({ code: 1 }));
  const engine = code === 0 ? await docker(['info']) : { code: 1 };
  if (engine.code !== 0) throw new Error('test:docker needs a running Docker engine with the compose plugin');
}

/** The files that a clone would have, at this place, with an empty `.env`. */
export async function checkOut(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'gatehouse-docker-')));
  const { stdout } = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await cp(file, path.join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error; // deleted, and not yet committed
    });
  }
  await writeFile(path.join(folder, '.env'), '');
  return folder;
}

/** `overrides`: more compose files of the folder. */
export async function openDeployment(
  folder: string,
  image: string,
  overrides: readonly string[] = [],
): Promise<Deployment> {
  const project = `gatehouse-test-${randomBytes(4).toString('hex')}`;
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, HTTP_API_PORT: String(port), TEST_IMAGE: image, TEST_PROJECT: process.cwd() };
  const names = ['docker-compose.yml', path.resolve('tests/docker/compose.model.yml'), ...overrides];
  const files = names.flatMap((name) => ['-f', name]);
  let key = '';

  const run = (args: readonly string[]): Promise<ProgramResult> =>
    docker(['compose', '-p', project, ...files, ...args], { cwd: folder, env });

  async function compose(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(args);
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${stderr}\n${stdout}`);
    return stdout;
  }

  const call: ApiCall = (method, path_, options) => createApiCall(url, key)(method, path_, options);
  const exec: Deployment['exec'] = (user, command) =>
    run(['exec', '-T', '--user', user, SERVICE, 'bash', '-c', command]);

  return {
    url,
    call,
    compose,
    exec,
    get key() {
      return key;
    },

    async up() {
      await compose('up', '--build', '--detach', '--wait');
      key = (await exec('gatehouse', 'cat /data/api-key')).stdout.trim();
    },

    async inspect(format) {
      const id = (await compose('ps', '--all', '--quiet', SERVICE)).trim();
      return (await docker(['inspect', '--format', format, id])).stdout.trim();
    },

    async submit(workspace, command) {
      const { status, body } = await call('POST', '/execute', { json: { workspace, command } });
      if (status !== 202) throw new Error(`POST /execute answered ${status}: ${JSON.stringify(body)}`);
      return (body as { requestId: string }).requestId;
    },

    async end(id) {
      for (;;) {
        const { body } = await call('GET', `/status/${id}`, { headers: { prefer: 'wait=30' } });
        if (!['queued', 'running'].includes((body as StatusDocument).state)) return body as StatusDocument;
      }
    },

    async remove() {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '30');
      await docker(['image', 'prune', '--force', '--filter', `label=com.docker.compose.project=${project}`]);
    },
  };
}

export async function removeImage(image: string): Promise<void> {
  await docker(['image', 'rm', '--force', image]);
}

function docker(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  return runProgram('docker', args, { ...options, signal: AbortSignal.timeout(COMMAND_MAX_MS) });
}
