import { describe, expect, test } from '@jest/globals';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';

const BARE = { hook_event_name: 'Stop', session_id: 's' };

describe('an agent hook’s payload', () => {
  test('needs only its event and its session', () => {
    expect(parseHookPayload(BARE)).toEqual({
      ...BARE,
      agent_id: null,
      permission_mode: null,
      mcp_server_name: null,
      elicitation_id: null,
      mode: null,
      message: null,
      url: null,
      requested_schema: {},
      action: null,
      session_crons: [],
      tool_response: {},
      permission_suggestions: [],
      tool_input: {},
      tool_use_id: null,
      transcript_path: null,
      prompt_id: null,
      prompt: null,
      last_assistant_message: null,
      background_tasks: [],
      tool_name: null,
      error: null,
      reason: null,
      duration_ms: null,
      delta: null,
      message_id: null,
      index: null,
      final: false,
    });
  });

  test('keeps every text that the driver acts on, exactly', () => {
    const texts = {
      transcript_path: '/home/.claude/projects/p/s.jsonl',
      prompt_id: 'p1',
      prompt: ' über\n\t😀 ',
      last_assistant_message: '',
      tool_name: 'Bash',
      error: 'rate_limit',
      reason: 'clear',
      delta: 'a\n',
    };
    expect(parseHookPayload({ ...BARE, ...texts })).toMatchObject(texts);
  });

  test('loses what the driver does not know', () => {
    expect(parseHookPayload({ ...BARE, cwd: '/', stop_hook_active: false })).toEqual(parseHookPayload(BARE));
  });

  test.each([null, 5, true, ['x'], { text: 'x' }])('takes %j where a text should be for none', (odd) => {
    const odds = { prompt: odd, prompt_id: odd, last_assistant_message: odd, delta: odd, transcript_path: odd };
    expect(parseHookPayload({ ...BARE, ...odds })).toEqual(parseHookPayload(BARE));
  });

  test.each<[string, unknown, readonly string[]]>([
    ['no list', { id: 'b1' }, []],
    ['an empty list', [], []],
    ['tasks with an id', [{ id: 'b1', type: 'shell', status: 'running' }, { id: 'b2' }], ['b1', 'b2']],
    ['tasks of another shape', ['b1', { id: 7 }, null], ['"b1"', '{"id":7}', 'null']],
  ])('names the work in the background: %s', (_name, tasks, ids) => {
    expect(parseHookPayload({ ...BARE, background_tasks: tasks }).background_tasks).toEqual(ids);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'Stop'],
    ['a list', []],
    ['no event', { session_id: 's' }],
    ['no session', { hook_event_name: 'Stop' }],
    ['an event that is no text', { hook_event_name: 1, session_id: 's' }],
    ['a session that is no text', { hook_event_name: 'Stop', session_id: null }],
  ])('is refused: %s', (_name, value) => {
    expect(() => parseHookPayload(value)).toThrow(TypeError);
  });
});
