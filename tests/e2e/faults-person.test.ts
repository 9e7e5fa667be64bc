import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openFaultRig, type FaultRig } from '../helpers/fault-rig.ts';
import { attachPerson, attachPersonByGateway, type Person } from '../helpers/person.ts';
import { until } from '../helpers/until.ts';

/** Somebody sits before the agent of a session that the gateway uses, too. */
describe.each([
  ['their own terminal', (rig: FaultRig) => attachPerson(rig.gateway.tmuxSocket, 'w')],
  ['the terminal of the gateway', (rig: FaultRig) => attachPersonByGateway(rig, 'w')],
])('a person at %s, with the real CLI', (_name, attachTo) => {
  let rig: FaultRig;
  let person: Person;
  beforeAll(async () => {
    rig = await openFaultRig({ env: { TERMINAL_WRITE_ENABLED: 'true' } });
    await rig.run('w', 'warm');
  });
  afterEach(() => person.leave());
  afterAll(() => rig.close());

  const attach = async (): Promise<void> => {
    person = await attachTo(rig);
  };

  /** Escape twice clears a filled composer. */
  async function clear(line: string): Promise<void> {
    await attach();
    await person.sees(line);
    person.type('\u001b\u001b');
    await until(async () => !(await rig.tmux('capture-pane', '-p', '-t', '=claude-w:')).includes(line));
    await person.leave();
  }

  test('left a half-typed line and went away: our prompt arrives alone, and the line is there again', async () => {
    await attach();
    person.type('half a thou');
    await person.sees('half a thou');
    await person.leave();
    await rig.expectIntact('w');
    await rig.noted('composer.cleared', 'w');
    expect(rig.model.prompts.join()).not.toContain('half a thou');
    await clear('half a thou');
  });

  test('left several lines', async () => {
    await attach();
    person.type('\u001b[200~one\ntwo\nthree\u001b[201~');
    await person.sees('three');
    await person.leave();
    await rig.expectIntact('w');
    await clear('three');
  });

  test('is typing: our prompt waits, and comes behind theirs', async () => {
    await attach();
    person.type('my own qu');
    await person.sees('my own qu');
    const id = await rig.submit('w', 'after the person');
    await until(async () => (await rig.status(id)).phase === 'preparing');
    person.type('estion');
    await person.sees('my own question');
    person.type('\r');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: after the person' } });
    expect(rig.model.prompts.slice(-2).map((prompt) => prompt.trimEnd())).toEqual([
      'my own question',
      'after the person',
    ]);
    await rig.noted('person.prompted', 'w');
  });

  test('has a turn of their own running: ours waits for its end', async () => {
    await attach();
    person.type('hold my own turn\r');
    const own = await rig.held('hold my own turn');
    const id = await rig.submit('w', 'behind your turn');
    await until(async () => (await rig.status(id)).phase === 'preparing');
    expect(rig.model.count('behind your turn')).toBe(0);
    own.resolve('yours');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'echo: behind your turn' } });
  });

  test('types during our turn and lets it stand: our answer is ours, and their line is not lost at once', async () => {
    await attach();
    const id = await rig.submitHeld('w', 'hold while they type');
    person.type('thinking about');
    await person.sees('thinking about');
    (await rig.held('hold while they type')).resolve('our answer');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'our answer' } });
    await person.sees('thinking about');
    await person.leave();
    await rig.expectIntact('w');
  });

  test('sends a prompt during our turn: it is a turn of its own, and never our answer', async () => {
    await attach();
    const id = await rig.submitHeld('w', 'hold against theirs');
    person.type('theirs in between');
    await person.sees('theirs in between');
    person.type('\r');
    await person.sees(/theirs in between[\s\S]*❯/);
    const next = await rig.submit('w', 'ours behind both');
    (await rig.held('hold against theirs')).resolve('ours');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'ours' } });
    expect(await rig.ended(next)).toMatchObject({ state: 'completed', output: { text: 'echo: ours behind both' } });
    expect(rig.model.count('theirs in between')).toBe(1);
  });

  test('stops our turn before it said a word', async () => {
    await attach();
    const id = await rig.submitHeld('w', 'hold and be stopped');
    person.type('\u001b');
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', reason: 'interrupted', retryable: false });
    await person.leave();
    await rig.expectIntact('w');
    expect(rig.model.count('hold and be stopped')).toBe(1);
  });

  test('T26: stopped the agent with Ctrl-Z: the next request continues it, and nothing is typed into it before', async () => {
    await attach();
    person.type('\u001a');
    await person.sees('suspended');
    await rig.expectIntact('w');
    await rig.noted('agent.continued', 'w');
    const id = await rig.submitHeld('w', 'hold before Ctrl-Z');
    person.type('\u001a');
    (await rig.held('hold before Ctrl-Z')).resolve('and after it');
    expect(await rig.ended(id)).toMatchObject({ state: 'completed', output: { text: 'and after it' } });
    await rig.expectIntact('w');
  });

  test('left a dialog open: it is closed, and nothing is typed into it', async () => {
    await attach();
    person.type('/help');
    await person.sees('/help');
    person.type('\r');
    await person.sees(/Esc to cancel|esc to/i);
    await person.leave();
    await rig.expectIntact('w');
  });

  test('left the composer in shell mode', async () => {
    await attach();
    person.type('!');
    await person.sees(/! for (bash|shell) mode|! +/);
    person.type('touch typed-by-person');
    await person.sees('touch typed-by-person');
    await person.leave();
    await rig.expectIntact('w');
  });

  test('begins a new conversation with /clear: the session goes on in it', async () => {
    const before = (await rig.call('GET', '/session/w')).body.agentSessionId as string;
    await attach();
    person.type('/clear');
    await person.sees('/clear');
    person.type('\r');
    await rig.noted('session.moved', 'w');
    await person.leave();
    await rig.expectIntact('w');
    const after = (await rig.call('GET', '/session/w')).body.agentSessionId as string;
    expect(after).not.toBe(before);
    await rig.written(after);
    process.kill(await rig.agentPid('w'), 'SIGKILL');
    await rig.expectIntact('w');
    expect((await rig.call('GET', '/session/w')).body.agentSessionId).toBe(after);
  });

  test('compacts the conversation: our next prompt waits for it and arrives', async () => {
    for (const prompt of ['one', 'two', 'three']) await rig.run('w', prompt);
    await attach();
    person.type('/compact');
    await person.sees('/compact');
    person.type('\r');
    await person.sees(/Compacting conversation|Conversation compacted/);
    await rig.expectIntact('w');
    await person.sees('Conversation compacted');
  });

  test('ends the agent with /exit: the next request starts it again with the same conversation', async () => {
    const before = (await rig.call('GET', '/session/w')).body.agentSessionId as string;
    await attach();
    person.type('/exit');
    await person.sees('/exit');
    person.type('\r');
    await until(async () => (await rig.call('GET', '/session/w')).body.status === 'asleep');
    await rig.expectIntact('w');
    expect((await rig.call('GET', '/session/w')).body.agentSessionId).toBe(before);
  });
});
