import type { Usage } from '../../../core/model/usage/usage.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import { toFailure, toKind } from '../../program/ending/failure.ts';
import type { Result } from '../stream/line.ts';

/** What is known of a turn beside its result. */
export interface Circumstances {
  /** What was said before. */
  readonly said: string | null;
  /** The kind of error that the CLI said in the model's place. */
  readonly error: string | null;
  /** It was told to stop. */
  readonly isStopping: boolean;
  readonly usage: Usage;
}

/** The end that a result tells. `subtype` is no help: a model that is out of reach is a `success`. */
export function toEnd(result: Result, { said, error, isStopping, usage }: Circumstances): TurnEnd {
  if (!result.isError && result.turns === 0) return { ...toKeptBack(result), usage };
  if (!result.isError) return { kind: 'completed', text: result.text, usage };
  const isInterrupted = result.reason?.startsWith('aborted') === true || (isStopping && result.reason === null);
  if (isStopping && isInterrupted) return { kind: 'interrupted', text: said, usage };
  if (isInterrupted) return { kind: 'failed', reason: 'interrupted', error: INTERRUPTED, text: said, usage };
  const words = result.text === '' ? result.errors.join('\n') : result.text;
  return { ...toFailure(error ?? toKind(result.status), words === '' ? null : words, said), usage };
}

const INTERRUPTED = 'The turn was interrupted, and not by the gateway: a program did it, as the agent itself may.';

/** A hook of the person's own stood before the model, or none of its listeners said a word. */
function toKeptBack({ text }: Result): TurnEnd & { readonly kind: 'failed' } {
  const words = text === '' ? 'It gave no reason.' : text;
  const error = `A hook of the workspace’s or the agent’s own settings did not let the prompt through:\n${words}`;
  return { kind: 'failed', reason: 'prompt_refused', error, text: null };
}
