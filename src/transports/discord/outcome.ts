import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from 'discord.js';
import { GatewayError } from '../../core/model/errors.ts';
import type { Outcome } from '../../core/ports/transport.ts';

/** An address that is none of ours. */
export class ForeignChannelError extends Error {
  override readonly name = 'ForeignChannelError';
}

/** What came before a connection stood was surely not sent. */
const BEFORE: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const ERROR_MAX = 300;

/** What an error of the REST client says of the message. */
export function toOutcome(error: unknown): Outcome {
  if (error instanceof GatewayError) throw error;
  if (error instanceof ForeignChannelError) return { kind: 'refused', error: error.message };
  if (error instanceof RateLimitError) {
    const afterMs = toWaitMs(error);
    return { kind: 'retry', error: `Discord asks to wait ${Math.ceil(afterMs / 1000)} s`, afterMs };
  }
  if (error instanceof DiscordAPIError) return toRefusal(error);
  if (error instanceof HTTPError) return { kind: 'unknown', error: `Discord answered ${error.status}` };
  if (isAbort(error)) return { kind: 'unknown', error: 'Discord did not answer in time' };
  const code = codeOf(error);
  if (code === null) return { kind: 'unknown', error: 'the connection to Discord broke' };
  return { kind: BEFORE.has(code) ? 'retry' : 'unknown', error: `no answer from Discord (${code})` };
}

export function toWaitMs({ retryAfter, timeToReset }: RateLimitError): number {
  return Math.ceil(Math.max(retryAfter, timeToReset));
}

/** Its words in one line; addresses and bodies are left out. */
export function toWords(error: unknown): string {
  if (error instanceof DiscordAPIError)
    return `${error.message.replaceAll(/\s+/g, ' ')} (${error.code})`.slice(0, ERROR_MAX);
  const outcome = toOutcome(error);
  return 'error' in outcome ? outcome.error : '';
}

/** It does not take this file. */
export function isFileRefused(error: unknown): boolean {
  const isTooLarge = error instanceof HTTPError && error.status === 413;
  return isTooLarge || isCode(error, RESTJSONErrorCodes.RequestEntityTooLarge);
}

/** It does not take these words in this form. */
export function isFormRefused(error: unknown): boolean {
  return isCode(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType);
}

export function isCode(error: unknown, code: RESTJSONErrorCodes): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}

/** A wrong token is set right by the operator, what stands before Discord goes away; all else is about this message. */
function toRefusal(error: DiscordAPIError): Outcome {
  if (error.status === 401) return { kind: 'retry', error: 'Discord refuses the token: set DISCORD_BOT_TOKEN' };
  const isAnswer = typeof error.code === 'number' && error.code !== RESTJSONErrorCodes.GeneralError;
  if (!isAnswer || error.status === 408 || error.status === 429) {
    return { kind: 'retry', error: `Discord answered ${error.status}` };
  }
  return { kind: 'refused', error: `Discord refused it: ${toWords(error)}` };
}

function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
