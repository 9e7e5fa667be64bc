import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../../../../src/core/ports/agent.ts';
import { ALLOW } from '../../../../helpers/examples.ts';
import { openPrintRig, type PrintRig } from '../../../../helpers/print-rig.ts';
import { until } from '../../../../helpers/until.ts';

const never: AbortSignal = new AbortController().signal;
const BEGUN = { type: 'system', subtype: 'init', session_id: 's', permissionMode: 'default' };
const IDLE = { type: 'system', subtype: 'session_state_changed', state: 'idle' };
const RESULT = { type: 'result', is_error: false, num_turns: 1, result: 'answer', terminal_reason: 'completed' };
const started = (uuid: unknown) => ({ type: 'command_lifecycle', command_uuid: uuid, state: 'started' });
const asks = (id: string, request: object = {}) => ({
  type: 'control_request',
  request_id: id,
  request: { subtype: 'can_use_tool', tool_name: 'Bash', tool_use_id: `use-${id}`, input: {}, ...request },
});

interface Watched extends TurnObserver {
  readonly asks: { readonly ask: ApprovalAsk; readonly settled: Promise<Settlement> }[];
}

function watch(change: Partial<TurnObserver> = {}): Watched {
  const seen: Watched['asks'] = [];
  return {
    asks: seen,
    prepared: async () => {},
    submitting: async () => {},
    working: async () => {},
    asked(ask, settled) {
      seen.push({ ask, settled });
      return new Promise(() => {});
    },
    noticed() {},
    ...change,
  };
}

let rig: PrintRig;
beforeEach(() => {
  rig = openPrintRig('2.1.332');
});
afterEach(() => rig.close());

describe('a turn', () => {
  test('is asked, and answered', async () => {
    const end = rig.session.runTurn('hello', watch(), never);
    const { uuid } = await rig.untilHeard('hello');
    rig.stream.tell(BEGUN, started(uuid), RESULT, IDLE);
    expect(await end).toMatchObject({ kind: 'completed', text: 'answer' });
  });

  test.each([
    ['its input cannot be looked at', 'mend'],
    ['what it says cannot be heard for a moment', 'hear'],
  ] as const)('ends as the port says when %s', async (_name, call) => {
    rig.stream.fail(call, 1);
    const end = rig.session.runTurn('hello', watch(), never);
    if (call === 'mend') {
      expect(await end).toMatchObject({ kind: 'unsubmitted', why: expect.stringContaining('out of reach') });
      expect(rig.session.isClosing()).toBe(true);
      return;
    }
    const { uuid } = await rig.untilHeard('hello');
    rig.stream.tell(BEGUN, started(uuid), RESULT, IDLE);
    expect(await end).toMatchObject({ kind: 'completed' });
  });

  test('of an agent that refuses its permission mode is not said to it', async () => {
    rig.stream.tell({ ...BEGUN, permissionMode: 'plan' }, RESULT, IDLE);
    await until(() => rig.session.readPermissionMode() === 'plan');
    const end = rig.session.runTurn('hello', watch(), never);
    const { request_id } = await rig.untilHeard('set_permission_mode');
    rig.stream.tell({ type: 'control_response', response: { request_id, subtype: 'error' } });
    expect(await end).toMatchObject({ kind: 'unsubmitted', why: expect.stringContaining('default') });
    expect([rig.session.isClosing(), rig.stream.heard.join().includes('hello')]).toEqual([true, false]);
  });

  test('of an agent that is gone is not said to anybody', async () => {
    rig.die();
    await rig.session.exited;
    expect(await rig.session.runTurn('hello', watch(), never)).toMatchObject({ kind: 'unsubmitted' });
    expect(rig.stream.heard).toEqual([]);
  });

  test('whose decision cannot be said ends with its agent', async () => {
    const end = rig.session.runTurn(
      'hello',
      watch({
        async asked() {
          rig.stream.fail('say', 1);
          return ALLOW;
        },
      }),
      never,
    );
    const { uuid } = await rig.untilHeard('hello');
    rig.stream.tell(BEGUN, started(uuid), asks('one'));
    expect(await end).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
    expect(rig.log.of('decision.not_handed_over')).toHaveLength(1);
  });
});

describe('a turn of an earlier process', () => {
  test('is asked what it asked before it was rejoined, and that is not refused', async () => {
    const { past, uuid } = await rig.rejoined('hello');
    rig.stream.tell(BEGUN, started(uuid), asks('one'));
    await until(() => rig.session.readPermissionMode());
    rig.stream.tell(asks('two'));
    const observer = watch();
    const end = rig.session.rejoinTurn(past, observer, never);
    await until(() => observer.asks.length === 2);
    expect(rig.stream.heard.filter((line) => line.includes('control_response'))).toEqual([]);
    rig.stream.tell(RESULT, IDLE);
    expect(await end).toMatchObject({ kind: 'completed' });
  });

  test('hears what asks behind one that nobody asked for: it is refused', async () => {
    rig.stream.tell({ type: 'system', subtype: 'task_notification', task_id: 't' }, BEGUN, asks('woken'));
    await until(() => rig.session.readPermissionMode());
    const { past, uuid } = await rig.rejoined('hello');
    const end = rig.session.rejoinTurn(past, watch(), never);
    expect(await rig.untilHeard('control_response')).toMatchObject({ response: { request_id: 'woken' } });
    rig.stream.tell(RESULT, IDLE, BEGUN, started(uuid), RESULT, IDLE);
    expect(await end).toMatchObject({ kind: 'completed' });
  });

  test('ends when its agent died before it was heard once more', async () => {
    const { past, uuid } = await rig.rejoined('hello');
    rig.stream.tell(BEGUN, started(uuid));
    rig.die();
    await rig.session.exited;
    const end = await rig.session.rejoinTurn(past, watch(), never);
    expect(end).toMatchObject({ kind: 'failed', reason: 'agent_exited' });
  });

  test.each(['hear', 'said'] as const)('goes on when one call of %s fails', async (call) => {
    const { past, uuid } = await rig.rejoined('hello');
    rig.stream.tell(BEGUN, started(uuid), RESULT, IDLE);
    rig.stream.fail(call, 1);
    expect(await rig.session.rejoinTurn(past, watch(), never)).toMatchObject({ kind: 'completed' });
  });
});
