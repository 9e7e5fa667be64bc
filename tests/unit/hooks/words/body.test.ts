import { expect, test } from '@jest/globals';
import type {
  OnErrorContext,
  PostSessionContext,
  PreSessionContext,
} from '../../../../src/core/model/hooks/contexts.ts';
import { toBody } from '../../../../src/hooks/words/body.ts';

const CALL = { event_id: 'pre-1', config: { limit: 3 } };
const fields = (user_id: string | null, channel_id: string, thread_id: string | null) => ({
  identity: { transport: 'discord', user_id, channel_id, thread_id },
  message_text: 'hi',
  engine: 'claude',
  project: 'demo',
  raw_message: {},
});

test('a hook is told its type first, then flat ids, then its event, then who asked', () => {
  expect(toBody('pre_session', fields('7', '-100', null), CALL)).toBe(
    '{"type":"pre_session","sender_id":7,"chat_id":-100,"thread_id":null,"message_text":"hi","engine":"claude",' +
      '"project":"demo","raw_message":{},"identity":{"transport":"discord","user_id":"7","channel_id":"-100",' +
      '"thread_id":null},"event_id":"pre-1","config":{"limit":3}}',
  );
});

test('flat ids are numbers in all their digits where they are numbers, and texts where they are not', () => {
  const body = toBody('pre_session', fields('1152921504606846977', 'http-api', '007'), CALL);
  expect(body).toContain('"sender_id":1152921504606846977,"chat_id":"http-api","thread_id":"007"');
  expect(body).toContain('"user_id":"1152921504606846977"');
});

test.each(['-0', '1e3', '1.5', '', '-', '0x10'])('%j is no number', (id) => {
  expect(JSON.parse(toBody('pre_session', fields(id, 'c', null), CALL))).toMatchObject({ sender_id: id });
});

test('the types of contexts know what all events have in common, and which one it is', () => {
  type Context = PreSessionContext | PostSessionContext | OnErrorContext;
  const context = JSON.parse(toBody('pre_session', fields('7', '-100', null), CALL)) as Context;
  expect(context.type === 'pre_session' ? context.message_text : context.pre_session_metadata).toBe('hi');
});
