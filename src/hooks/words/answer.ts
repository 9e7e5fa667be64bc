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
  const answer = toAnswer(said);
  if (typeof answer === 'string') return { kind: 'failed', why: `said ${answer} in a wrong type`, complaint };
  return { kind: 'said', answer };
}

type Said = Readonly<Record<string, unknown>>;

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isRecord = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Or the name of what is in a wrong type. */
function toAnswer(said: Said): HookAnswer | keyof HookAnswer {
  const allow = said['allow'] ?? true;
  const reason = said['reason'] ?? null;
  const silent = said['silent'] ?? false;
  const metadata = said['metadata'] ?? {};
  const ask = said['ask'] ?? null;
  if (!isBoolean(allow)) return 'allow';
  if (!isTextOrNull(reason)) return 'reason';
  if (!isBoolean(silent)) return 'silent';
  if (!isRecord(metadata)) return 'metadata';
  if (!isTextOrNull(ask)) return 'ask';
  return { allow, reason, silent, metadata, ask: ask?.trim() === '' ? null : ask };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
