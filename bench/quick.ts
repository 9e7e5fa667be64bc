import { mkdir, open, writeFile } from 'node:fs/promises';
import { watch } from 'node:fs';
import { WebSocket } from 'ws';
import { KEY, startGateway, type Gateway } from './gateway.ts';
import { ANSWER, startModel } from './model.ts';
import type { Place } from './place.ts';
import { prepareClaude, printAnswer } from './rivals/claude.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';

const WARM_UPS = 5;
const ROUNDS = 60;
/** A `claude -p` comes once in so many rounds. */
const PRINT_EVERY = 4;
const OF_PRINT_MAX = 0.15;
const TEXT_MAX_MS = 50;
const LATE_MS = 60_000;
const READ_BYTES = 2 ** 18;

const PRINT = 'claude -p';

interface Times {
  readonly results: number[];
  readonly texts: number[];
  readonly printed: number[];
}

/** Follow-up messages of one session, from the POST to the frames of a client's WebSocket, by turns with a cold
 *  `claude -p`. */
export async function measureQuick(place: Place): Promise<readonly Row[]> {
  const model = await startModel();
  place.defer(() => model.close());
  const claude = await prepareClaude(place, model.url, 'quick-hand');
  await makeRepository(place);
  const gateway = await startGateway(place, 'quick', {
    ANTHROPIC_BASE_URL: model.url,
    REPOS_ROOT: place.path('repos'),
    WORKTREES_ROOT: place.path('worktrees'),
  });
  const client = await openClient(place, gateway);
  const times: Times = { results: [], texts: [], printed: [] };
  for (let round = 1 - WARM_UPS; round <= ROUNDS; round += 1) {
    const prompt = `Which task is the oldest? This is question ${round + WARM_UPS}.`;
    const { resultMs, textMs } = await client.say(prompt);
    if (round < 1) continue;
    times.results.push(resultMs);
    times.texts.push(textMs);
    if (round % PRINT_EVERY === 0) times.printed.push(await timePrint(() => printAnswer(place, claude, prompt)));
  }
  client.close();
  await gateway.end();
  return [
    { ...toResult(times, 'p50', 0.5), aims: [{ kind: 'ratio', bound: 'at most', limit: OF_PRINT_MAX, of: PRINT }] },
    toResult(times, 'p95', 0.95),
    { ...toText(times, 'p50', 0.5), aims: [{ kind: 'value', bound: 'at most', limit: TEXT_MAX_MS }] },
    toText(times, 'p95', 0.95),
  ];
}

function toResult({ results, printed }: Times, name: string, part: number): Row {
  return {
    name: `a follow-up message of a quick task, to its result, ${name}`,
    value: quantile(results, part),
    unit: 'ms',
    beside: [{ name: PRINT, value: quantile(printed, part), unit: 'ms' }],
    aims: [],
  };
}

function toText({ texts }: Times, name: string, part: number): Row {
  const value = quantile(texts, part);
  return { name: `from the agent’s line to assistantText, ${name}`, value, unit: 'ms', beside: [], aims: [] };
}

async function makeRepository(place: Place): Promise<void> {
  const folder = place.path('repos', 'owner', 'repo');
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/tasks.txt`, 'the first one\nthe second one\n');
  const person = ['-c', 'user.name=P', '-c', 'user.email=p@x'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: readonly string[]): Promise<string> =>
    place.run(['git', '-C', folder, ...person, ...args], env);
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'tasks');
}

interface Client {
  say(content: string): Promise<{ readonly resultMs: number; readonly textMs: number }>;
  close(): void;
}

interface Frame {
  readonly type: string;
  readonly content?: string;
}

async function openClient(place: Place, { url, call }: Gateway): Promise<Client> {
  const started = await call('POST', '/quick/sessions/start', { repo: 'owner/repo' });
  const { id } = started.body as { readonly id: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/quick/ws/sessions/${id}`, {
    headers: { 'x-api-key': KEY },
  });
  let heard: (frame: Frame) => void = () => {};
  socket.on('message', (data: Buffer) => heard(JSON.parse(data.toString()) as Frame));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const output = place.path('quick', 'claude', id, 'stream', 'out');

  async function time(content: string): Promise<{ readonly resultMs: number; readonly saidAt: number }> {
    const done = Promise.withResolvers<number>();
    let saidAt = Number.NaN;
    heard = ({ type, content: text }) => {
      if (type === 'assistantText' && Number.isNaN(saidAt)) saidAt = performance.now();
      if (type === 'error') done.reject(new Error(text));
      if (type === 'result' && text !== ANSWER) done.reject(new Error(`another answer than the model's: ${text}`));
      if (type === 'result') done.resolve(performance.now());
    };
    const late = setTimeout(() => done.reject(new Error('no result within a minute')), LATE_MS);
    const sentAt = performance.now();
    const sent = await call('POST', `/quick/sessions/${id}/message`, { content });
    if (sent.status !== 200) throw new Error(`not taken: ${sent.status}`);
    const resultAt = await done.promise.finally(() => clearTimeout(late));
    return { resultMs: resultAt - sentAt, saidAt };
  }

  return {
    async say(content) {
      const stop = await watchText(output);
      const { resultMs, saidAt } = await time(content);
      return { resultMs, textMs: saidAt - (await stop()) };
    },
    close: () => socket.close(),
  };
}

/** Resolves with what says when the first piece of the next answer stood in the agent's output, as one who watches the
 *  file like the gateway sees it. Before the first message there is no file: then never. */
async function watchText(output: string): Promise<() => Promise<number>> {
  const file = await open(output).catch(() => null);
  if (file === null) return async () => Number.NaN;
  let [at, offset, rest] = [Number.NaN, (await file.stat()).size, ''];
  let reading: Promise<void> = Promise.resolve();
  const read = async (changedAt: number): Promise<void> => {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(READ_BYTES), position: offset });
    offset += bytesRead;
    rest += buffer.toString('utf8', 0, bytesRead);
    if (Number.isNaN(at) && rest.includes('"text_delta"')) at = changedAt;
  };
  const watcher = watch(output, () => {
    const changedAt = performance.now();
    reading = reading.then(() => read(changedAt));
  });
  return async () => {
    watcher.close();
    await reading;
    await file.close();
    return at;
  };
}

async function timePrint(print: () => Promise<string>): Promise<number> {
  const startedAt = performance.now();
  const text = (await print()).trim();
  if (text !== ANSWER) throw new Error(`another answer than the model's: ${text}`);
  return performance.now() - startedAt;
}
