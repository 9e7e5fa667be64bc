import type { Hooks } from '../core/ports/hooks/hooks.ts';
import type { Transport } from '../core/ports/transport.ts';
import { type HookEntry, isPlugin, timeoutOf } from './file/entry.ts';
import type { RunEnd, Runner, RunOrder } from './run/order.ts';
import { createHookTransport } from './transport.ts';
import { toOutcome } from './words/answer.ts';
import { type HookTold, toBody } from './words/body.ts';

/** The hooks of a HOOKS_FILE: asked before turns, and told of their ends. */
export interface FileHooks extends Hooks {
  readonly transport: Transport;
  /** From now on these, and no others; what runs ends as it began. `edition` is another one each time. */
  replace(entries: readonly HookEntry[], edition: string): void;
}

export function createHooks(runner: Runner): FileHooks {
  let entries: readonly HookEntry[] = [];
  let edition = '';
  /** What each met last, until it ends well. One that is replaced takes its own along, as late as it comes. */
  const troubles = new WeakMap<HookEntry, string>();

  const find = (name: string): HookEntry | undefined => entries.find((entry) => entry.name === name);

  const note = (hook: HookEntry, why: string): void => void troubles.set(hook, `the hook ${hook.name} ${why}`);

  async function call(hook: HookEntry, told: HookTold, signal: AbortSignal): Promise<RunEnd> {
    const end = await runner.run(toOrder(hook, told, edition), signal);
    if (end.kind === 'done') troubles.delete(hook);
    else note(hook, end.why);
    return end;
  }

  return {
    list: () => entries,
    async ask({ name }, { eventId, fields, traceparent }, signal) {
      const hook = find(name);
      if (hook === undefined) return { kind: 'failed', why: 'is no longer in HOOKS_FILE', complaint: '' };
      const outcome = toOutcome(await call(hook, { event: 'pre_session', eventId, fields, traceparent }, signal));
      if (outcome.kind === 'failed') note(hook, outcome.why);
      return outcome;
    },
    transport: createHookTransport({
      find,
      call,
      problems: () => entries.flatMap((entry) => troubles.get(entry) ?? []),
    }),
    replace(next, nextEdition) {
      entries = next;
      edition = nextEdition;
      for (const { ref, env, events } of next) {
        if (isPlugin(ref) && events.includes('pre_session')) runner.warm({ ref, env, edition });
      }
    },
  };
}

/** One call, as it is made wherever a hook is run. */
export function toOrder(hook: HookEntry, { event, eventId, fields, traceparent }: HookTold, edition: string): RunOrder {
  const isTraced = traceparent !== undefined;
  const call = { event_id: eventId, config: hook.config, ...(isTraced && { traceparent }) };
  const env = isPlugin(hook.ref) || !isTraced ? hook.env : { TRACEPARENT: traceparent, ...hook.env };
  return { ref: hook.ref, event, input: toBody(event, fields, call), timeoutMs: timeoutOf(hook, event), env, edition };
}
