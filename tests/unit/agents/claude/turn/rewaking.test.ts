import { expect, test } from '@jest/globals';
import { createRewaking, type Rewaking, type RewakingParts } from '../../../../../src/agents/claude/turn/rewaking.ts';

interface House {
  readonly rewaking: Rewaking;
  /** Command lines of what the agent runs. */
  lines: readonly string[];
  readonly clock: { now: number };
  lists: number;
  broken: boolean;
}

const AGENT = { pid: 7, startedAt: '1' };

function withHooks(hooks: object, more: Partial<Pick<RewakingParts, 'agent' | 'origin'>> = {}): House {
  const clock = { now: 0 };
  const house: House = {
    lines: [],
    clock,
    lists: 0,
    broken: false,
    rewaking: createRewaking({
      files: { readOtherSettings: async () => [{ file: 'f', source: 'user', settings: { hooks } }] },
      cwd: '/w',
      agent: AGENT,
      origin: 'started',
      async list(parent) {
        expect(parent).toBe(7);
        house.lists += 1;
        if (house.broken) throw new Error('ps did not answer');
        return house.lines;
      },
      now: () => clock.now,
      ...more,
    }),
  };
  return house;
}

const hook = (more: object): object => ({ Stop: [{ hooks: [{ type: 'command', asyncRewake: true, ...more }] }] });
const OWN = hook({ command: '"$CLAUDE_PROJECT_DIR"/own.sh --fast' });
const LINE = '/bin/sh -c "$CLAUDE_PROJECT_DIR"/own.sh --fast';

test('a hook that runs may wake the agent, and one that is over still may for a moment', async () => {
  const house = withHooks(OWN);
  house.lines = [LINE];
  expect(await house.rewaking.mayWake()).toBe(true);
  house.lines = [];
  house.clock.now = 1_999;
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = 2_000;
  expect(await house.rewaking.mayWake()).toBe(false);
});

test('one of a turn may have run and been over before anybody looked', async () => {
  const house = withHooks(OWN);
  expect(await house.rewaking.mayWake()).toBe(false);
  house.rewaking.begin();
  house.clock.now = 1_000;
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = 2_999;
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = 3_000;
  expect(await house.rewaking.mayWake()).toBe(false);
});

test('one that was seen is taken to run on while nobody can look, as long as its time lasts', async () => {
  const house = withHooks(hook({ command: '/own.sh', timeout: 3 }));
  house.lines = ['/bin/sh -c /own.sh'];
  expect(await house.rewaking.mayWake()).toBe(true);
  house.broken = true;
  house.clock.now = 8_000;
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = 8_001;
  expect(await house.rewaking.mayWake()).toBe(false);
});

test('one of an adopted agent may have been over a moment before', async () => {
  const house = withHooks(OWN, { origin: 'adopted' });
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = 2_000;
  expect(await house.rewaking.mayWake()).toBe(false);
});

test.each([
  ['as a shell has it', '"$CLAUDE_PROJECT_DIR"/own.sh', '/bin/sh -c "$CLAUDE_PROJECT_DIR"/own.sh'],
  ['as a shell becomes it', '"${CLAUDE_PROJECT_DIR}"/own.sh', '/bin/sh /w/own.sh'],
  ['of a plugin', '${CLAUDE_PLUGIN_ROOT}/hooks/own.sh', '/bin/sh -c /p/hooks/own.sh'],
])('is found by its command, %s', async (_name, command, line) => {
  const house = withHooks(hook({ command }));
  house.lines = ['/bin/sh -c sleep 9', line];
  expect(await house.rewaking.mayWake()).toBe(true);
});

test('is found by its command and arguments', async () => {
  const house = withHooks(hook({ command: 'node', args: ['/w/own.js'] }));
  house.lines = ['node /w/own.js'];
  expect(await house.rewaking.mayWake()).toBe(true);
});

test.each<[string, object]>([
  ['one that cannot wake the agent', hook({ command: 'own.sh', asyncRewake: false, async: true })],
  ['none', {}],
  ['something else in its place', { Stop: 'own.sh' }],
])('nothing is looked for where the settings have %s', async (_name, hooks) => {
  const house = withHooks(hooks);
  house.lines = ['/bin/sh -c own.sh'];
  expect([await house.rewaking.mayWake(), house.lists]).toEqual([false, 0]);
});

test('nothing is looked for below an agent whose process nobody knows', async () => {
  expect(await withHooks(OWN, { agent: null }).rewaking.mayWake()).toBe(false);
});

test.each([
  [hook({ command: '/own.sh', timeout: 3 }), 8_000],
  [hook({ command: '/own.sh' }), 605_000],
])('one that outlives its own time holds nothing any more: %j', async (hooks, lastsMs) => {
  const house = withHooks(hooks);
  house.lines = ['/bin/sh -c /own.sh'];
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = lastsMs;
  expect(await house.rewaking.mayWake()).toBe(true);
  house.clock.now = lastsMs + 1;
  expect(await house.rewaking.mayWake()).toBe(false);
});
