import { describe, expect, test } from '@jest/globals';
import { parseRetryAfter, toFailure, toOutcome } from '../../../../src/transports/webhook/outcome.ts';
import { ForbiddenAddressError } from '../../../../src/transports/webhook/post.ts';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);
const kindOf = (status: number): string => toOutcome({ status, retryAfter: null }, NOW).kind;

describe('what an answer means', () => {
  test.each([200, 201, 202, 204, 299])('%i: sent', (status) => {
    expect(kindOf(status)).toBe('sent');
  });

  test.each([300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 413, 414, 415, 422, 431, 451])(
    '%i: refused for good',
    (status) => {
      expect(kindOf(status)).toBe('refused');
    },
  );

  test.each([408, 409, 423, 425, 429, 500, 501, 502, 503, 504, 520, 599])('%i: tried again', (status) => {
    expect(kindOf(status)).toBe('retry');
  });

  test('410 says that the receiver is gone', () => {
    expect(toOutcome({ status: 410, retryAfter: null }, NOW)).toMatchObject({ kind: 'refused', gone: true });
  });

  test('Retry-After is kept, of whatever status', () => {
    expect(toOutcome({ status: 429, retryAfter: '120' }, NOW)).toMatchObject({ afterMs: 120_000 });
    expect(toOutcome({ status: 503, retryAfter: 'Sun, 29 Nov 2026 12:05:00 GMT' }, NOW)).toMatchObject({
      afterMs: 300_000,
    });
    expect(toOutcome({ status: 500, retryAfter: 'soon' }, NOW)).not.toHaveProperty('afterMs');
  });

  test.each([
    ['0', 0],
    ['Sun, 29 Nov 2026 11:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['99999999999999', null],
  ])('Retry-After: %s', (text, ms) => {
    expect(parseRetryAfter(text, NOW)).toBe(ms);
  });
});

describe('what a broken connection means', () => {
  const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'])(
    '%s: surely not sent',
    (code) => {
      expect(toFailure(withCode(code))).toEqual({ kind: 'retry', error: `no answer (${code})` });
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HPE_INVALID_CONSTANT'])('%s: unknown', (code) => {
    expect(toFailure(withCode(code)).kind).toBe('unknown');
  });

  test('a forbidden address is refused for good', () => {
    expect(toFailure(new ForbiddenAddressError('no'))).toEqual({ kind: 'refused', error: 'no' });
  });
});
