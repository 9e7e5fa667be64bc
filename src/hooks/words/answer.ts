import type { HookAnswer, HookOutcome } from '../../core/ports/hooks/hooks.ts';
import type { RunEnd } from '../run/order.ts';

const NOTHING: HookAnswer = { allow: true, reason: null, silent: false, metadata: {}, ask: null };

/** What a pre-session hook said. Nothing, and null for any of it, allows. */
export function toOutcome(end: RunEnd): HookOutcome {
  const { complaint } = end;
  if (end.kind === 'failed') return { kind: 'failed', why: end.why, complaint };
  const text = end.text.trim();
  if (text === '') return { kind: 'said', answer: NOTHING };
  const said = parse(text);
  if (said === undefined) return { kind: 'failed', why: 'printed what is no JSON', complaint };
  if (said === null) return { kind: 'said', answer: NOTHING };
  if (!isRecord(said)) return { kind: 'failed', why: 'printed JSON that is no object', complaint };
  const wrong = findWrong(said);
  if (wrong !== undefined) return { kind: 'failed', why: `said ${wrong} in a wrong type`, complaint };
  return { kind: 'said', answer: toAnswer(said) };
}

type Said = Readonly<Record<string, unknown>>;

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<keyof HookAnswer, (value: unknown) => boolean>> = {
  allow: isBoolean,
  reason: isText,
  silent: isBoolean,
  metadata: isRecord,
  ask: isText,
};

function findWrong(said: Said): string | undefined {
  return Object.entries(TYPES).find(([name, fits]) => said[name] != null && !fits(said[name]))?.[0];
}

function toAnswer({ allow, reason, silent, metadata, ask }: Said): HookAnswer {
  return {
    allow: isBoolean(allow) ? allow : true,
    reason: isText(reason) ? reason : null,
    silent: silent === true,
    metadata: isRecord(metadata) ? metadata : {},
    ask: isText(ask) && ask.trim() !== '' ? ask : null,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
