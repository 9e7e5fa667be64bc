import { expect, test } from '@jest/globals';
import { followLife, type Life } from '../../../../../src/agents/program/ending/life.ts';
import { createTmux, type Tmux } from '../../../../../src/agents/tmux/tmux.ts';
import { createKeptLog, type KeptLog } from '../../../../helpers/kept-log.ts';

interface Watched {
  readonly life: Life;
  readonly steps: readonly string[];
  readonly log: KeptLog;
  /** The agent's program ends. */
  readonly die: () => void;
}

function watch(died: (why: string) => Promise<void> = async () => {}): Watched {
  const steps: string[] = [];
  const log = createKeptLog();
  const ended = Promise.withResolvers<void>();
  const tmux: Tmux = {
    ...createTmux({ socket: 'none', ask: () => Promise.reject(new Error('nobody asks')) }),
    ended: (_session, signal) =>
      Promise.race([
        ended.promise,
        new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ]),
    pane: async () => ({ pid: 1, dead: true, exitCode: 3 }),
    capture: async () => 'last words',
    kill: async () => void steps.push('killed'),
  };
  const life = followLife({
    tmux,
    name: 'claude-w',
    agent: null,
    sendSignal: async () => true,
    files: { hasRoom: async () => true },
    log,
    async died(why) {
      steps.push('died');
      await died(why);
    },
    async closing(why, kill) {
      steps.push(why);
      await kill();
    },
    onClosed: () => void steps.push('closed'),
  });
  return { life, steps, log, die: () => ended.resolve() };
}

test('an agent that ends is told before its session closes, with its last lines', async () => {
  const { life, steps, log, die } = watch();
  die();
  expect(await life.exited).toEqual({ screen: 'last words' });
  expect(steps).toEqual(['died', 'The session was closed.', 'killed', 'closed']);
  expect(log.of('agent.exited')).toMatchObject([{ died: 'agent', exitCode: 3 }]);
});

test('a session is closed once, and its agent did not die', async () => {
  const { life, steps, log } = watch();
  await Promise.all([life.close(), life.close()]);
  expect(await life.exited).toEqual({ screen: '' });
  expect(steps).toEqual(['The session was closed.', 'killed', 'closed']);
  expect(log.of('agent.exited')).toEqual([]);
});

test('a session closes although nobody could hear what its agent still said', async () => {
  const { life, steps, die } = watch(() => Promise.reject(new Error('out of reach')));
  die();
  await life.exited;
  expect(steps.at(-1)).toBe('closed');
});

test('an agent that is let go lives on, and nobody is told of its end', async () => {
  const { life, steps, die } = watch();
  life.letGo();
  die();
  expect([life.released.aborted, life.isClosing, steps]).toEqual([true, false, ['closed']]);
});
