import { expect, test } from '@jest/globals';
import { parseLine } from '../../../../../src/agents/claude-print/stream/line.ts';

test.each([
  ['nothing', ''],
  ['no JSON', 'Segmentation fault'],
  ['half a line', '{"type":"resu'],
  ['a list', '[1]'],
  ['another type', '{"type":"rate_limit_event"}'],
  ['null', 'null'],
])('%s says nothing', (_name, text) => {
  expect(parseLine(text)).toEqual({ kind: 'other' });
});

test('a success may be an error, and one without a turn is no answer', () => {
  const error = {
    type: 'result',
    subtype: 'success',
    is_error: true,
    num_turns: 1,
    result: 'API Error',
    api_error_status: 529,
  };
  expect(parseLine(JSON.stringify(error))).toMatchObject({ kind: 'result', result: { isError: true, status: 529 } });
  const kept = { subtype: 'success', is_error: false, num_turns: 0, type: 'result', result: 'no' };
  expect(parseLine(JSON.stringify(kept))).toMatchObject({ kind: 'result', result: { isError: false, turns: 0 } });
});

test('what a subagent streams is not what the agent says', () => {
  const event = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'x' } };
  expect(parseLine(JSON.stringify({ type: 'stream_event', event, parent_tool_use_id: null }))).toMatchObject({
    kind: 'said',
  });
  expect(parseLine(JSON.stringify({ type: 'stream_event', event, parent_tool_use_id: 'use' }))).toEqual({
    kind: 'other',
  });
});
