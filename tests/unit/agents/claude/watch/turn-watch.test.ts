import { describe, expect, test } from '@jest/globals';
import { parseHookPayload, type HookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import type { TurnState } from '../../../../../src/agents/claude/watch/turn-course.ts';
import { watchTurn, type TurnWatch } from '../../../../../src/agents/claude/watch/turn-watch.ts';
import type { TurnEnd } from '../../../../../src/core/ports/agent.ts';

const OURS = 'write the report';
const FOREIGN = 'what time is it?';
/** Ours with a line in front that stood in the composer. */
const RELATED = `draft ${OURS}`;
/** Of a prompt that was reported before ours. */
const THEIR_ID = 'p0';
const WAKE = '<task-notification>\n<task-id>b1</task-id>\n</task-notification>';

interface Watched {
  readonly watch: TurnWatch;
  /** What the watch told its owner. */
  readonly notices: string[];
  readonly tell: (event: string, fields?: object) => object;
  /** A prompt that is reported behind a turn that runs. */
  readonly queue: (prompt: string) => object;
  /** The end when there is one. */
  readonly end: () => Promise<TurnEnd | null>;
}

interface Options {
  readonly earlierTasks?: readonly string[] | null;
  /** Whether somebody else's hooks may hold the agent back behind its Stop. */
  readonly mayBeHeld?: boolean;
}

function watched({ earlierTasks = [], mayBeHeld = false }: Options = {}): Watched {
  const notices: string[] = [];
  let isQueued = false;
  const watch = watchTurn({
    expected: OURS,
    earlierTasks: earlierTasks === null ? null : new Set(earlierTasks),
    isQueued: () => isQueued,
    isNobodys: (prompt) => prompt === 'made by nobody',
    admits: (mode) => mode !== 'acceptEdits',
    isForeign: (promptId) => promptId === THEIR_ID,
    foreignPrompt: ({ prompt }) => void notices.push(`foreign ${prompt ?? ''}`),
    toldEnd() {
      if (!mayBeHeld) watch.stands();
    },
  });
  return {
    watch,
    notices,
    tell: (event, fields = {}) => watch.tell(payload(event, fields)),
    queue: (prompt) => {
      isQueued = true;
      const answer = watch.tell(payload('UserPromptSubmit', prompted(prompt, 'running')));
      isQueued = false;
      return answer;
    },
    end: () => Promise.race([watch.end, Promise.resolve(null)]),
  };
}

function payload(event: string, fields: object): HookPayload {
  return parseHookPayload({ hook_event_name: event, session_id: 's', ...fields });
}

const prompted = (prompt: string, id: string | null = 'p1'): object => ({ prompt, prompt_id: id });
const stopped = (text: string | null, tasks: readonly string[] = [], id: string | null = 'p1'): object => ({
  prompt_id: id,
  last_assistant_message: text,
  background_tasks: tasks.map((task) => ({ id: task, type: 'shell' })),
});

const STATES = ['preparing', 'pasted', 'entered', 'working', 'ending', 'background', 'stopping', 'ended'] as const;
const isRunning = (state: TurnState): boolean => ['working', 'ending', 'background', 'stopping'].includes(state);

/** Goes the way to this state, as a turn does. */
function at(state: TurnState, earlierTasks: readonly string[] = []): Watched {
  const turn = watched({ earlierTasks, mayBeHeld: state === 'ending' });
  const steps: readonly (() => unknown)[] = [
    () => turn.watch.pasting(),
    () => turn.watch.entering(),
    () => turn.tell('UserPromptSubmit', prompted(OURS)),
    () => turn.tell('Stop', stopped('It runs.', ['b1'])),
  ];
  const before = { preparing: 0, pasted: 1, entered: 2, working: 3, ending: 3, background: 4, stopping: 3, ended: 3 }[
    state
  ];
  for (const step of steps.slice(0, before)) step();
  if (state === 'ending') turn.tell('Stop', stopped('the first end'));
  if (state === 'stopping') turn.watch.stopping();
  if (state === 'ended') turn.watch.finish({ kind: 'completed', text: 'first', usage: null });
  return turn;
}

const BLOCK = { decision: 'block', reason: expect.any(String) };
const LET = {};

describe('the way of a turn', () => {
  test.each(STATES)('passes %s', (state) => {
    expect(at(state).watch.state).toBe(state);
  });

  test('is submitted once the agent reports exactly its prompt', async () => {
    const { watch, tell } = at('entered');
    expect(watch.isReceived).toBe(false);
    expect(tell('UserPromptSubmit', prompted(`${OURS} \n`))).toEqual(LET);
    await watch.received;
    expect([watch.state, watch.isReceived]).toEqual(['working', true]);
  });

  test('a text that is no person’s in its place is kept from the model, and sent again would be so once more', async () => {
    const { watch, tell, end, notices } = at('entered');
    expect(tell('UserPromptSubmit', prompted('made by nobody'))).toEqual(BLOCK);
    expect(await end()).toMatchObject({ kind: 'failed', reason: 'prompt_altered' });
    expect([watch.arrived, notices]).toEqual(['made by nobody', []]);
  });

  test('is received by another proof than the report', async () => {
    const { watch, tell, end } = at('entered');
    watch.joined('p1');
    await watch.received;
    tell('Stop', stopped('of another one', [], 'p2'));
    expect(await end()).toBeNull();
    tell('Stop', stopped('done'));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'done' });
  });

  test('takes nothing for its own while nobody knows its id', async () => {
    const { watch, tell, end } = at('entered');
    watch.joined(null);
    expect(watch.isNameless).toBe(true);
    tell('MessageDisplay', { prompt_id: 'p9', delta: 'theirs' });
    tell('Stop', stopped('theirs', [], 'p9'));
    expect([await end(), watch.partialText()]).toEqual([null, null]);
    watch.joined('p1');
    tell('Stop', stopped('done'));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'done' });
  });

  test.each(['pasted', 'working', 'background', 'stopping', 'ended'] as const)('%s is not joined', (state) => {
    const { watch } = at(state);
    watch.joined('p2');
    expect(watch.state).toBe(state);
  });

  test.each(['working', 'background', 'ended'] as const)(
    'ours once more in %s is kept from the model when Enter was pressed twice, and then it is not',
    (state) => {
      const { watch, tell } = at(state);
      watch.repeating();
      expect(tell('UserPromptSubmit', prompted(OURS, 'p2'))).toEqual(BLOCK);
      expect(watch.isDue).toBe(false);
      expect(tell('UserPromptSubmit', prompted(OURS, 'p3'))).toEqual(LET);
    },
  );

  test.each<[TurnState, TurnState]>([
    ['preparing', 'pasted'],
    ['entered', 'entered'],
    ['working', 'working'],
    ['stopping', 'stopping'],
    ['ended', 'ended'],
  ])('a paste in %s leads to %s', (state, next) => {
    const { watch } = at(state);
    watch.pasting();
    expect(watch.state).toBe(next);
  });

  test.each(['preparing', 'working', 'stopping', 'ended'] as const)('Enter in %s leads nowhere', (state) => {
    const { watch } = at(state);
    watch.entering();
    expect(watch.state).toBe(state);
  });

  test.each(STATES)('stopping in %s', (state) => {
    const { watch } = at(state);
    watch.stopping();
    expect(watch.state).toBe(state === 'ended' ? 'ended' : 'stopping');
  });

  test.each(STATES.filter((state) => state !== 'ended'))('ends in %s when it is told so, once', async (state) => {
    const { watch, end } = at(state);
    watch.finish({ kind: 'interrupted', text: null });
    watch.finish({ kind: 'completed', text: 'too late', usage: null });
    expect(watch.state).toBe('ended');
    expect(await end()).toEqual({ kind: 'interrupted', text: null });
  });
});

describe('a prompt that is reported', () => {
  test.each<[TurnState, string, string, object, TurnState, boolean]>([
    // state, what is reported, text, answer, next state, let through as somebody else's
    ['preparing', 'a foreign one', FOREIGN, LET, 'preparing', true],
    ['preparing', 'an equal one', OURS, LET, 'preparing', true],
    ['preparing', 'a related one', RELATED, LET, 'preparing', true],
    ['pasted', 'a foreign one', FOREIGN, LET, 'pasted', true],
    ['pasted', 'an equal one', OURS, BLOCK, 'pasted', false],
    ['pasted', 'a related one', RELATED, BLOCK, 'pasted', false],
    ['entered', 'a foreign one', FOREIGN, LET, 'entered', true],
    ['entered', 'an equal one', OURS, LET, 'working', false],
    ['entered', 'a related one', RELATED, BLOCK, 'ended', false],
    ['working', 'a foreign one', FOREIGN, LET, 'working', true],
    ['working', 'an equal one', OURS, LET, 'working', true],
    ['working', 'the end of a task', WAKE, LET, 'working', true],
    ['ending', 'the end of a task of its own', WAKE, LET, 'working', true],
    ['ending', 'a foreign one', FOREIGN, LET, 'ended', true],
    ['background', 'a foreign one', FOREIGN, LET, 'background', true],
    ['background', 'the end of a task', WAKE, LET, 'working', true],
    ['stopping', 'a foreign one', FOREIGN, LET, 'stopping', true],
    ['stopping', 'an equal one', OURS, BLOCK, 'stopping', false],
    ['stopping', 'a related one', RELATED, BLOCK, 'stopping', false],
    ['ended', 'a foreign one', FOREIGN, LET, 'ended', true],
    ['ended', 'an equal one', OURS, LET, 'ended', true],
  ])('in %s: %s', (state, _what, prompt, answer, next, foreign) => {
    const { watch, notices, tell } = at(state);
    expect(tell('UserPromptSubmit', prompted(prompt, 'p2'))).toEqual(answer);
    expect(watch.state).toBe(next);
    expect(notices).toEqual(foreign ? [`foreign ${prompt}`] : []);
  });

  test.each([
    ['a line stood before it', RELATED],
    ['its end was lost', OURS.slice(0, -3)],
  ])('ends the turn as rejected when %s', async (_name, prompt) => {
    const { watch, tell, end } = at('entered');
    tell('UserPromptSubmit', prompted(prompt));
    expect(await end()).toMatchObject({ kind: 'failed', reason: 'submission_rejected', text: null });
    expect([watch.isReceived, watch.arrived]).toEqual([false, prompt]);
  });

  test('is kept out of a turn that runs, and waits for its end', async () => {
    const { watch, tell, queue, end } = at('entered');
    expect([queue(OURS), watch.state, watch.isBehind()]).toEqual([BLOCK, 'entered', true]);
    tell('Stop', stopped('of that turn', [], 'running'));
    expect([watch.state, watch.isBehind(), await end()]).toEqual(['entered', false, null]);
    expect(tell('UserPromptSubmit', prompted(OURS))).toEqual(LET);
    expect(watch.state).toBe('working');
  });

  test.each(['working', 'background'] as const)('of a person is let through behind ours in %s', (state) => {
    const { queue, notices } = at(state);
    expect([queue(FOREIGN), notices]).toEqual([LET, [`foreign ${FOREIGN}`]]);
  });

  test.each([FOREIGN, OURS, RELATED])('disturbs what is pasted: %s', (prompt) => {
    const { watch, tell } = at('pasted');
    expect(watch.isDisturbed()).toBe(false);
    tell('UserPromptSubmit', prompted(prompt));
    expect(watch.isDisturbed()).toBe(true);
    watch.pasting();
    expect(watch.isDisturbed()).toBe(false);
  });

  test.each(['preparing', 'entered', 'working', 'stopping'] as const)('disturbs nothing in %s', (state) => {
    const { watch, tell } = at(state);
    tell('UserPromptSubmit', prompted(FOREIGN));
    expect(watch.isDisturbed()).toBe(false);
  });

  test('is refused and told when it comes while stopping', async () => {
    const turn = at('entered');
    turn.watch.stopping();
    const refused = (): Promise<string> => Promise.race([turn.watch.refused.then(() => 'yes'), Promise.resolve('no')]);
    turn.tell('UserPromptSubmit', prompted(FOREIGN));
    expect(await refused()).toBe('no');
    turn.tell('UserPromptSubmit', prompted(OURS));
    await turn.watch.refused;
    expect(turn.watch.isReceived).toBe(false);
    expect(await turn.end()).toBeNull();
  });

  test('without a text is nobody’s', () => {
    const { watch, notices, tell } = at('entered');
    expect(tell('UserPromptSubmit', {})).toEqual(LET);
    expect([watch.state, notices]).toEqual(['entered', ['foreign ']]);
  });
});

describe('a Stop', () => {
  test.each(STATES)('of ours in %s', async (state) => {
    const { end, tell } = at(state);
    expect(tell('Stop', stopped('the answer'))).toEqual({});
    const expected = {
      preparing: null,
      pasted: null,
      entered: null,
      working: 'the answer',
      ending: null,
      background: 'the answer',
      stopping: 'the answer',
      ended: 'first',
    }[state];
    expect(await end()).toEqual(expected === null ? null : { kind: 'completed', text: expected, usage: null });
  });

  test.each(STATES)('of a foreign prompt, or of none, changes nothing in %s', (state) => {
    const { watch, tell } = at(state);
    tell('Stop', stopped('theirs', [], 'p9'));
    tell('Stop', stopped('nobody’s', [], null));
    expect(watch.state).toBe(state);
  });

  test('that is told twice is told once', async () => {
    const { end, tell } = at('working');
    tell('Stop', stopped('the answer'));
    tell('Stop', stopped('again'));
    expect(await end()).toMatchObject({ text: 'the answer' });
  });

  test('that comes before the report is not ours, and the turn has its own', async () => {
    const { end, tell } = at('entered');
    tell('Stop', stopped('of the turn before', [], 'p0'));
    tell('UserPromptSubmit', prompted(OURS));
    expect(await end()).toBeNull();
    tell('Stop', stopped('ours'));
    expect(await end()).toMatchObject({ text: 'ours' });
  });

  test('of a prompt that was queued beside ours is the end: both are answered together', async () => {
    const { end, tell } = at('working');
    tell('UserPromptSubmit', prompted(FOREIGN, 'p2'));
    tell('Stop', stopped('both', [], 'p2'));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'both' });
  });

  test('of a prompt that came when ours had been heard of is not, and ours is overtaken', async () => {
    const { watch, end, tell } = at('working');
    tell('MessageDisplay', { prompt_id: 'p1', delta: 'half' });
    tell('UserPromptSubmit', prompted(FOREIGN, 'p2'));
    tell('MessageDisplay', { prompt_id: 'p2', delta: 'theirs' });
    tell('Stop', stopped('theirs', [], 'p2'));
    expect([watch.isOvertaken, await end(), watch.partialText()]).toEqual([true, null, 'half']);
  });

  test('of ours that was sent again under another id is ours', async () => {
    const { end, tell } = at('working');
    tell('MessageDisplay', { prompt_id: 'p1', delta: 'half' });
    tell('UserPromptSubmit', prompted(OURS, 'p2'));
    tell('Stop', stopped('whole', [], 'p2'));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'whole' });
  });

  test('of a prompt behind which ours was queued is not ours', async () => {
    const { watch, end, tell } = at('entered');
    tell('UserPromptSubmit', prompted(OURS, THEIR_ID));
    tell('Stop', stopped('theirs', [], THEIR_ID));
    expect([watch.isReceived, watch.isNameless, await end()]).toEqual([true, true, null]);
  });

  test('of a prompt that a person typed before ours is not', async () => {
    const { end, tell } = at('entered');
    tell('UserPromptSubmit', prompted(FOREIGN, 'p0'));
    tell('UserPromptSubmit', prompted(OURS, 'p1'));
    tell('Stop', stopped('theirs', [], 'p0'));
    expect(await end()).toBeNull();
  });

  test.each([
    ['what was said before', 'half ', 'half '],
    ['an empty text', null, ''],
  ])('without an answer brings %s', async (_name, said, text) => {
    const { end, tell } = at('working');
    if (said !== null) tell('MessageDisplay', { prompt_id: 'p1', delta: said });
    tell('Stop', stopped(null));
    expect(await end()).toMatchObject({ kind: 'completed', text });
  });
});

describe('an end that others may hold back', () => {
  test('is none until it stands', async () => {
    const { watch, end } = at('ending');
    expect(await end()).toBeNull();
    watch.stands();
    expect(await end()).toEqual({ kind: 'completed', text: 'the first end', usage: null });
  });

  test('is taken back when the agent goes on, and the last one counts', async () => {
    const { watch, tell, end } = at('ending');
    tell('MessageDisplay', { prompt_id: 'p1', message_id: 'm2', delta: 'More' });
    expect(watch.state).toBe('working');
    tell('Stop', stopped('More.'));
    expect(watch.state).toBe('ending');
    watch.stands();
    expect(await end()).toMatchObject({ text: 'More.' });
  });

  test('is the agent’s own when the turn is being stopped', async () => {
    const { end, tell } = at('stopping');
    tell('Stop', stopped('the answer'));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'the answer' });
  });

  test('and not more than what was said so far when others may hold it back while it is being stopped', async () => {
    const { watch, end, tell } = watched({ mayBeHeld: true });
    watch.pasting();
    watch.entering();
    tell('UserPromptSubmit', prompted(OURS));
    watch.stopping();
    tell('Stop', stopped('the answer'));
    expect([watch.state, watch.partialText(), await end()]).toEqual(['stopping', 'the answer', null]);
  });
});

describe('work in the background', () => {
  test('keeps the turn, until the Stop of the prompt that it woke the agent with', async () => {
    const { watch, end, tell } = at('working');
    tell('Stop', stopped('It runs.', ['b1']));
    expect([watch.state, watch.partialText()]).toEqual(['background', 'It runs.']);
    tell('UserPromptSubmit', prompted(WAKE, 'p2'));
    expect(watch.state).toBe('working');
    tell('Stop', stopped('It is done.', [], 'p2'));
    expect(await end()).toEqual({ kind: 'completed', text: 'It is done.', usage: null });
  });

  test('is awaited as a whole', async () => {
    const { watch, end, tell } = at('working');
    tell('Stop', stopped('They run.', ['b1', 'b2']));
    tell('UserPromptSubmit', prompted(WAKE, 'p2'));
    tell('Stop', stopped('One is done.', ['b2'], 'p2'));
    expect([watch.state, await end()]).toEqual(['background', null]);
  });

  test('of earlier turns does not hold this one', async () => {
    const { end, tell } = at('working', ['b0']);
    tell('Stop', stopped('done', ['b0']));
    expect(await end()).toMatchObject({ kind: 'completed', text: 'done' });
  });

  test('of this turn holds it beside that of earlier ones', async () => {
    const { watch, end, tell } = at('working', ['b0']);
    tell('Stop', stopped('It runs.', ['b0', 'b1']));
    expect([watch.state, await end()]).toEqual(['background', null]);
  });

  test('does not bring a turn back that is being stopped', () => {
    const { watch, tell } = at('background');
    watch.stopping();
    tell('Stop', stopped('It runs.', ['b1']));
    tell('UserPromptSubmit', prompted(WAKE, 'p2'));
    expect(watch.state).toBe('stopping');
  });

  test('of which nobody knows whose it is holds nothing, until the transcript tells', async () => {
    const { watch, tell } = watched({ earlierTasks: null, mayBeHeld: true });
    watch.pasting();
    watch.entering();
    watch.joined('p1');
    tell('Stop', stopped('It runs.', ['b0', 'b1']));
    expect(watch.state).toBe('ending');
    watch.rests(['b1'], []);
    expect([watch.state, watch.isAlone]).toEqual(['background', false]);
    tell('UserPromptSubmit', prompted(WAKE.replace('b1', 'b0'), 'p3'));
    expect(watch.state).toBe('background');
    tell('UserPromptSubmit', prompted(WAKE, 'p2'));
    expect(watch.state).toBe('working');
  });

  test('is not what a person asks meanwhile, nor what that leaves', async () => {
    const { watch, tell, end } = at('background');
    tell('UserPromptSubmit', prompted(FOREIGN, 'p2'));
    tell('MessageDisplay', { prompt_id: 'p2', delta: 'theirs' });
    tell('Stop', stopped('theirs', ['b1', 'b2'], 'p2'));
    expect([watch.state, watch.partialText(), await end()]).toEqual(['background', 'It runs.', null]);
    tell('UserPromptSubmit', prompted(WAKE, 'p3'));
    tell('Stop', stopped('Mine.', ['b2'], 'p3'));
    expect(await end()).toMatchObject({ text: 'Mine.' });
  });

  test('that was ended by somebody leaves the turn alone', () => {
    const { watch, tell } = at('background');
    expect(watch.isAlone).toBe(false);
    tell('Stop', stopped('theirs', [], 'p2'));
    expect([watch.state, watch.isAlone]).toEqual(['background', true]);
  });

  test('is a time at which the agent wants to be asked, too', async () => {
    const { watch, tell, end } = at('working');
    const input = { delaySeconds: 60, prompt: 'look again' };
    const set = { prompt_id: 'p1', tool_name: 'ScheduleWakeup', tool_input: input };
    const crons = (prompt: string): object => ({ session_crons: [{ id: 'c1', prompt }] });
    tell('PostToolUse', { ...set, tool_response: { scheduledFor: 1 } });
    tell('Stop', { ...stopped('Later.'), ...crons('look again') });
    expect(watch.state).toBe('background');
    tell('UserPromptSubmit', prompted('look again', 'p2'));
    tell('Stop', stopped('Now.', [], 'p2'));
    expect(await end()).toMatchObject({ text: 'Now.' });
  });

  test('is none that the CLI did not set a time for, nor a time for something else', async () => {
    const { tell, end } = at('working');
    const use = { prompt_id: 'p1', tool_name: 'ScheduleWakeup', tool_input: { prompt: 'look again' } };
    tell('PostToolUse', { ...use, tool_response: { scheduledFor: 0 } });
    tell('Stop', { ...stopped('Done.'), session_crons: [{ id: 'c1', prompt: 'each morning' }] });
    expect(await end()).toMatchObject({ text: 'Done.' });
  });

  test('keeps its last answer when the one that follows is empty', async () => {
    const { end, tell } = at('background');
    tell('UserPromptSubmit', prompted(WAKE, 'p2'));
    tell('Stop', stopped(null, [], 'p2'));
    expect(await end()).toMatchObject({ text: 'It runs.' });
  });
});

describe('what is said on the way', () => {
  test.each(STATES)('in %s', (state) => {
    const { watch, tell } = at(state);
    const before = watch.partialText();
    tell('MessageDisplay', { prompt_id: 'p1', delta: 'one ' });
    tell('MessageDisplay', { prompt_id: 'p9', delta: 'theirs ' });
    tell('MessageDisplay', { prompt_id: 'p1', delta: null });
    tell('MessageDisplay', { prompt_id: 'p1', delta: 'two' });
    const isOurs = isRunning(state);
    expect(watch.partialText()).toBe(isOurs ? 'one two' : before);
  });

  test('is null when nothing was', () => {
    expect(at('working').watch.partialText()).toBeNull();
  });
});

describe('an event of a tool', () => {
  test.each(STATES)('in %s', (state) => {
    const { watch } = at(state);
    const isOurs = isRunning(state);
    expect(watch.isOurs(payload('PreToolUse', { prompt_id: 'p1' }))).toBe(isOurs);
  });

  test('that happens in a person’s turn is not ours', () => {
    expect(at('working').watch.isOurs(payload('PreToolUse', { prompt_id: 'p9' }))).toBe(false);
  });
});

describe('a failure', () => {
  const failed = (error: string | null, id = 'p1'): object => ({
    prompt_id: id,
    error,
    last_assistant_message: 'API Error: no',
  });

  test.each([
    ['rate_limit', 'usage_limited'],
    ['billing_error', 'usage_limited'],
    ['authentication_failed', 'auth_expired'],
    ['oauth_org_not_allowed', 'auth_expired'],
    ['server_error', 'agent_error'],
    ['invalid_request', 'model_refused'],
    ['unknown', 'agent_error'],
    [null, 'agent_error'],
  ])('of the kind %s is %s, with what was said before', async (error, reason) => {
    const { end, tell } = at('working');
    tell('MessageDisplay', { prompt_id: 'p1', delta: 'half' });
    expect(tell('StopFailure', failed(error))).toEqual({});
    expect(await end()).toMatchObject({ kind: 'failed', reason, text: 'half' });
    expect(await end()).toHaveProperty('error', expect.stringMatching(/^API Error: no/));
  });

  test.each(STATES)('in %s', async (state) => {
    const { watch, end, tell } = at(state);
    tell('StopFailure', failed('rate_limit', 'p9'));
    expect(watch.state).toBe(state);
    tell('StopFailure', failed('rate_limit'));
    const isOurs = isRunning(state);
    const before = state === 'ended' ? { kind: 'completed' } : null;
    expect(await end()).toEqual(isOurs || before ? expect.objectContaining(before ?? { kind: 'failed' }) : null);
  });
});

test.each(STATES)('an event that nobody knows changes nothing in %s', (state) => {
  const { watch, notices, tell } = at(state);
  for (const event of ['SessionStart', 'SessionEnd', 'Notification', 'SubagentStop', ''])
    expect(tell(event, { prompt_id: 'p1', prompt: OURS })).toEqual({});
  expect([watch.state, notices]).toEqual([state, []]);
});

describe('ours in another permission mode', () => {
  const inMode = (mode: string | null): object => ({ ...prompted(OURS), permission_mode: mode });

  test('is kept from the model, to be entered again', async () => {
    const { watch, tell } = at('entered');
    let isRetracted = false;
    void watch.retracted().then(() => (isRetracted = true));
    expect(tell('UserPromptSubmit', inMode('acceptEdits'))).toMatchObject({ decision: 'block' });
    await Promise.resolve();
    expect([watch.state, watch.isRetracted, isRetracted, watch.isDue]).toEqual(['preparing', true, true, false]);
    watch.pasting();
    watch.entering();
    expect(tell('UserPromptSubmit', inMode('default'))).toEqual({});
    expect([watch.state, watch.isRetracted]).toEqual(['working', false]);
  });

  test('is refused, too, when somebody else enters it meanwhile', () => {
    const { watch, tell, notices } = at('entered');
    tell('UserPromptSubmit', inMode('acceptEdits'));
    expect(tell('UserPromptSubmit', inMode('default'))).toMatchObject({ decision: 'block' });
    expect([watch.state, notices]).toEqual(['preparing', []]);
  });

  test('runs when the agent does not tell the mode', () => {
    const { watch, tell } = at('entered');
    expect(tell('UserPromptSubmit', inMode(null))).toEqual({});
    expect(watch.state).toBe('working');
  });
});
