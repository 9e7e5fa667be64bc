import { expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../../../src/core/model/request.ts';
import { isQuietElsewhere, isQuietEnd } from '../../../../../src/core/model/words/quiet-end.ts';
import { aRequest } from '../../../../helpers/telegram-server/telegram-bench.ts';

test.each<[string, Partial<RequestRecord>, { isQuiet: boolean; isElsewhere: boolean }]>([
  ['waited, by its thread', { startedAt: null, source: 'telegram' }, { isQuiet: true, isElsewhere: false }],
  ['waited, by others', { startedAt: null, source: 'http' }, { isQuiet: true, isElsewhere: true }],
  ['ran, by its thread', { source: 'telegram' }, { isQuiet: true, isElsewhere: false }],
  ['ran, by others', { source: 'http' }, { isQuiet: false, isElsewhere: false }],
])('what was cancelled while it %s', (_name, more, { isQuiet, isElsewhere }) => {
  const request = aRequest({ state: 'cancelled', text: null, replyTo: 'telegram:1', ...more });
  expect([isQuietEnd(request), isQuietElsewhere(request)]).toEqual([isQuiet, isElsewhere]);
});
