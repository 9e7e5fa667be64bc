import { Type, type TSchema } from 'typebox';
import { ProblemDocument } from './schemas.ts';

const MEANING = {
  400: 'Bad input; `field` names what is wrong, and nothing was stored.',
  401: 'No key, or an unknown one.',
  404: 'Unknown id or workspace.',
  409: 'In conflict with what stands.',
  413: 'Too large.',
  415: 'Not application/json.',
  422: 'This Idempotency-Key came with another body before.',
  429: 'The queue is full, or too many requests came with this key.',
  500: 'The gateway failed.',
  503: 'Stopping, or not able to; try again later.',
} as const;

type ProblemStatus = keyof typeof MEANING;

const RetryAfter = Type.Integer({ description: 'Seconds to wait before the next try.' });

/** The problem documents of a route. */
export function problems(...statuses: readonly ProblemStatus[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: MEANING[status],
        ...((status === 429 || status === 503) && { headers: { 'Retry-After': RetryAfter } }),
        content: { 'application/problem+json': { schema: ProblemDocument } },
      },
    ]),
  );
}

export function json(description: string, schema: TSchema, headers: Readonly<Record<string, TSchema>> = {}) {
  return { description, headers, content: { 'application/json': { schema } } };
}

export function text(description: string) {
  return { description, content: { 'text/plain': { schema: Type.String() } } };
}

export const acceptedHeaders = {
  Location: Type.String({ description: 'Where the request can be polled.' }),
  'Retry-After': RetryAfter,
  'Idempotent-Replayed': Type.String({
    description: 'true when an earlier request with the same Idempotency-Key is returned.',
  }),
};
