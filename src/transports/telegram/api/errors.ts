import type { Outcome } from '../../../core/ports/transport.ts';

/** Telegram said no. The message is its own description, which repeats nothing of the request. */
export class TelegramError extends Error {
  override readonly name = 'TelegramError';
  /** As HTTP has it. */
  readonly code: number;
  /** When to ask again, if it said so. */
  readonly afterMs: number | null;

  constructor(code: number, description: string, afterMs: number | null = null) {
    super(description);
    this.code = code;
    this.afterMs = afterMs;
  }
}

/** No answer came. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** The connection stood, so it may have arrived. */
  readonly wasOpen: boolean;

  constructor(what: string, wasOpen: boolean) {
    super(what);
    this.wasOpen = wasOpen;
  }
}

/** It was not fetched to its end. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
}

/** Only what Telegram answers or the network does; anything else is a fault of ours, and thrown on. */
export function toOutcome(error: unknown): Outcome {
  if (error instanceof ConnectionError) return { kind: error.wasOpen ? 'unknown' : 'retry', error: error.message };
  if (!(error instanceof TelegramError)) throw error;
  const { code, afterMs, message } = error;
  const told = `Telegram answered ${code}: ${message}`;
  if (code === 429) return { kind: 'retry', error: told, ...(afterMs !== null && { afterMs }) };
  // A wrong token is put right by the operator, and then all that waits is sent.
  if (isTokenRefused(error)) return { kind: 'retry', error: 'Telegram refuses TELEGRAM_BOT_TOKEN' };
  return { kind: code >= 500 ? 'unknown' : 'refused', error: told };
}

/** 404 is for a token that is none by its form; what a method does not find is 400. */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof TelegramError && (error.code === 401 || error.code === 404);
}

const isBad = (error: unknown, what: RegExp): boolean =>
  error instanceof TelegramError && error.code === 400 && what.test(error.message);

/** It is as it should be already. */
export const isUnchanged = (error: unknown): boolean => isBad(error, /message is not modified/i);
/** Somebody deleted it, or it is too old. */
export const isMessageGone = (error: unknown): boolean =>
  isBad(error, /message to (?:edit|delete) not found|message can't be (?:edited|deleted)|MESSAGE_ID_INVALID/i);
export const areEntitiesRefused = (error: unknown): boolean => isBad(error, /entit|can't parse/i);
/** It does not take this file, or nothing at all here. */
export const isFileRefused = (error: unknown): error is TelegramError =>
  error instanceof TelegramError && (error.code === 400 || error.code === 413);
export const isFileTooBig = (error: unknown): boolean => isBad(error, /file is too big/i);
/** A button was pressed too long ago for an answer. */
export const isPressOld = (error: unknown): boolean => isBad(error, /query is too old|QUERY_ID_INVALID/i);
