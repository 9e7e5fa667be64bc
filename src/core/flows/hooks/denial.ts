import type { RequestEnd } from '../../model/request.ts';

const REASON_MAX = 1_000;

export function toDenial(hook: string, reason: string | null, silent: boolean): RequestEnd {
  const said = clean(reason ?? '');
  return {
    state: 'failed',
    reason: 'hook_denied',
    error: said === '' ? `The hook ${hook} denied it.` : said,
    text: null,
    usage: null,
    ...(silent && { silent }),
  };
}

/** Control characters but line breaks, and what turns the direction of a text. */
const HIDDEN = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/** It is shown in chats, terminals and logs: some sentences at most. */
export function clean(text: string): string {
  const plain = text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(HIDDEN, ' ').trim();
  return plain.length > REASON_MAX ? `${plain.slice(0, REASON_MAX - 1).toWellFormed()}…` : plain;
}
