import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { HOOK_EVENTS, type HookEvent } from '../../core/model/hooks/contexts.ts';
import { type HookEntry, toEntry } from '../../hooks/file/entry.ts';
import { findTrouble, readHooksFile, toName } from '../../hooks/file/read-hooks.ts';
import { toOrder } from '../../hooks/hooks.ts';
import { exportsNone, type RunEnd, type Runner } from '../../hooks/run/order.ts';
import { type EndedTurn, toOnError, toPostSession } from '../../hooks/words/after.ts';
import { toOutcome } from '../../hooks/words/answer.ts';
import type { HookFields } from '../../hooks/words/body.ts';
import { openRunner } from './open-hooks.ts';

/** What a hook saw, what it said, and what that comes to. */
export interface TriedHook {
  readonly name: string;
  readonly event: HookEvent;
  readonly input: string;
  readonly output: string;
  readonly complaint: string;
  readonly ms: number;
  readonly verdict: string;
  /** It did what a hook should. */
  readonly isSound: boolean;
}

/** Calls a hook once for each of its events, or for one of them, with a sample of a context. `ref`: its file, or its name
 *  or file in HOOKS_FILE, whose settings it then has. Of a plugin that is not in there, the events are what it exports. Rejects when the signal aborts; the hook is ended then.
 *  @throws Error that says what to change. */
export async function tryHook(
  config: Config,
  { ref, event, folder }: { readonly ref: string; readonly event: HookEvent | null; readonly folder: string },
  signal: AbortSignal,
): Promise<readonly TriedHook[]> {
  const { hook, isListed } = await findHook(config, ref, folder);
  const runner = openRunner(config.hooks);
  try {
    const tried: Tried[] = [];
    // The first call of a plugin takes its loading along, and the one before a turn, which is told first, has the least time.
    for (const one of event === null ? hook.events.toReversed() : [event])
      tried.unshift(await tryOnce(hook, one, runner, signal));
    const meant = isListed || event !== null ? tried : tried.filter(({ isMissing }) => !isMissing);
    return (meant.length === 0 ? tried : meant).map(({ shown }) => shown);
  } finally {
    await runner.close();
  }
}

interface Tried {
  readonly shown: TriedHook;
  /** It is a plugin that has nothing for this event. */
  readonly isMissing: boolean;
}

async function tryOnce(hook: HookEntry, event: HookEvent, runner: Runner, signal: AbortSignal): Promise<Tried> {
  const order = toOrder(hook, { event, eventId: `test-${randomUUID()}`, fields: toSample(event) }, 'test');
  const begunAt = performance.now();
  const end = await runner.run(order, signal);
  const ms = Math.round(performance.now() - begunAt);
  const said = { output: end.kind === 'done' ? end.text : '', complaint: end.complaint };
  return {
    shown: { name: hook.name, event, input: order.input, ...said, ms, ...judge(hook, event, end) },
    isMissing: end.kind === 'failed' && end.why === exportsNone(event),
  };
}

interface FoundHook {
  readonly hook: HookEntry;
  readonly isListed: boolean;
}

async function findHook({ hooks }: Config, ref: string, folder: string): Promise<FoundHook> {
  const file = resolve(folder, ref);
  const known = hooks.file === null ? [] : await readHooksFile(hooks.file);
  const found = known.find((entry) => entry.name === ref || entry.ref === file);
  if (found !== undefined) return { hook: found, isListed: true };
  const [trouble] = await findTrouble(file, ref);
  if (trouble !== undefined) throw new Error(trouble);
  return { hook: toEntry({ ref, events: [...HOOK_EVENTS] }, toName(ref), file), isListed: false };
}

function judge({ failClosed }: HookEntry, event: HookEvent, end: RunEnd): Pick<TriedHook, 'verdict' | 'isSound'> {
  if (event !== 'pre_session') {
    return end.kind === 'done'
      ? { verdict: 'taken', isSound: true }
      : { verdict: `failed: it ${end.why}; it would be called again`, isSound: false };
  }
  const outcome = toOutcome(end);
  if (outcome.kind === 'failed') {
    return { verdict: `failed: it ${outcome.why}; that ${failClosed ? 'denies' : 'allows'}`, isSound: false };
  }
  const { allow, reason, silent, ask } = outcome.answer;
  if (allow) return { verdict: ask === null ? 'allowed' : `asks a person: ${ask}`, isSound: true };
  return { verdict: `denied${silent ? ', silently' : ''}${reason === null ? '' : `: ${reason}`}`, isSound: true };
}

function toSample(event: HookEvent): HookFields {
  const { identity, prompt, agent, workspace } = SAMPLE;
  switch (event) {
    case 'pre_session':
      return { identity, message_text: prompt, engine: agent, project: workspace, raw_message: {} };
    case 'post_session':
      return toPostSession(SAMPLE);
    case 'on_error':
      return toOnError({ ...SAMPLE, reason: 'turn_timeout', error: 'The turn did not end in time.' });
  }
}

const SAMPLE: EndedTurn = {
  workspace: 'demo',
  agent: 'claude',
  identity: { transport: 'telegram', user_id: '123456789', channel_id: '-1001234567890', thread_id: '42' },
  prompt: 'Fix the broken link in README.md',
  state: 'completed',
  reason: null,
  error: null,
  startedAt: 1_767_225_600_000,
  completedAt: 1_767_225_604_200,
  text: 'Fixed: it led to docs/old.md.',
  usage: {
    ...{ inputTokens: 1_200, outputTokens: 80, cacheReadTokens: 0, cacheWriteTokens: 0 },
    costMicroUsd: 4_800,
    models: [],
  },
  hookMetadata: {},
};
