import type { RequestRecord } from '../../../core/model/request.ts';
import { GatewayError } from '../../../core/model/errors.ts';
import type { RequestsApi } from '../../../core/ports/gateway/requests.ts';
import type { ThreadsApi, ThreadView, ThreadWish } from '../../../core/ports/gateway/threads.ts';
import type { App } from '../../answers/app.ts';
import { toExactNumber } from './exact-ids.ts';
import { createTurns } from './in-turn.ts';
import { InjectBody, InjectHeaders, parseTask, type InjectTask } from './inject-task.ts';

export interface InjectDeps {
  readonly requests: Pick<RequestsApi, 'submit' | 'foresee'>;
  readonly threads: ThreadsApi;
}

interface Injected {
  readonly thread: ThreadView;
  readonly request: RequestRecord;
  readonly replayed: boolean;
}

/** No key has a blank. */
const NEW_THREAD = 'new thread';

/** Threads that are listed. */
const LIST_MAX = 1_000;

/** The contract of seed 000. */
export function addInject(app: App, deps: InjectDeps): void {
  const inTurn = createTurns();

  app.post('/inject', { schema: { headers: InjectHeaders, body: InjectBody } }, async (request, reply) => {
    const { traceparent, 'idempotency-key': key } = request.headers;
    const task = parseTask(request.body, key, traceparent);
    const inject = () => (task.threadId === null ? startTask(deps, task) : goOn(deps, task, task.threadId));
    // What the queue has room for is known only when the one before is in it; of two equal ones, the second waits.
    const turn = task.threadId === null ? NEW_THREAD : key;
    const { thread, request: accepted, replayed } = await (turn === undefined ? inject() : inTurn(turn, inject));
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.code(200).send({
      status: 'injected',
      thread_id: toExactNumber(thread.threadId),
      cwd: thread.cwd,
      requestId: accepted.id,
      ...(thread.link !== null && { link: thread.link }),
    });
  });

  app.get('/sessions', async (_request, reply) => {
    const threads = await deps.threads.list(LIST_MAX);
    return reply.code(200).send(threads.map(toDocument));
  });

  app.get('/health', async (_request, reply) => {
    const { threads } = deps;
    const document = { status: 'ok', sessions: await threads.count(), factory_registered: threads.canOpen() };
    return reply.code(200).send(document);
  });
}

function toDocument({ threadId, cwd, isLive, isRunning }: ThreadView): object {
  return { thread_id: toExactNumber(threadId), cwd, active: isLive, has_running_task: isRunning };
}

async function goOn(deps: InjectDeps, task: InjectTask, threadId: string): Promise<Injected> {
  return submit(deps, task, await requireThread(deps, threadId, toWish(task)));
}

/** Nothing is opened for what would be refused, or is known. */
async function startTask(deps: InjectDeps, task: InjectTask): Promise<Injected> {
  const earlier = await deps.requests.foresee({ ...task.submission, identity: toIdentity(null) });
  if (earlier === null) return submit(deps, task, await deps.threads.open(task.name, task.platform ?? undefined));
  const wish = { ...toWish(task), workspace: earlier.workspace };
  const thread = await requireThread(deps, earlier.identity.thread_id ?? '', wish);
  return { thread, request: earlier, replayed: true };
}

async function submit({ requests }: InjectDeps, { submission }: InjectTask, thread: ThreadView): Promise<Injected> {
  const { workspace, threadId, address } = thread;
  // Its thread is told, unless the caller names another address.
  const wish = { ...(address !== null && { replyTo: address }), ...submission, workspace };
  const submitted = await requests.submit({ ...wish, identity: toIdentity(threadId) });
  return { thread, ...submitted };
}

function toWish({ platform }: InjectTask): ThreadWish {
  return platform === null ? {} : { platform };
}

async function requireThread({ threads }: InjectDeps, threadId: string, wish: ThreadWish): Promise<ThreadView> {
  const thread = await threads.find(threadId, wish);
  if (thread !== null) return thread;
  throw new GatewayError('not_found', 'There is no thread with this thread_id: GET /sessions lists them', {
    field: 'thread_id',
  });
}

function toIdentity(threadId: string | null) {
  return { transport: 'inject', user_id: null, channel_id: 'inject', thread_id: threadId };
}
