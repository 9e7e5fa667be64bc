import type { AgentSession, RejoinedTurn, SessionListener, TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Memory } from '../../program/launch/memory.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { follow } from '../stream/follow.ts';
import { createTurn, type Turn } from '../turn/turn.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { followConversation } from './conversation.ts';
import { createControls } from './controls.ts';
import { createHearing, type TurnSlot } from './hearing.ts';
import { followLife } from './life.ts';
import { createModes } from './modes.ts';
import { createMouth } from './mouth.ts';
import { rejoin } from './rejoin.ts';
import { createRest } from './rest.ts';
import { sleep } from './sleep.ts';
import { submit, tellArrival } from './submit.ts';

export interface PrintSessionParts {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  readonly sendSignal: SendSignal;
  readonly log: Log;
  readonly workspace: string;
  /** The name of the tmux session. */
  readonly name: string;
  /** Of the launch. */
  readonly token: string;
  readonly version: string | null;
  readonly agentSessionId: string;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  /** In which its prompts run. */
  readonly permissionMode: string;
  readonly memory: Memory;
  readonly listener: SessionListener;
  /** Resolves when a later process would find the new conversation. */
  readonly onMoved: (agentSessionId: string) => Promise<void>;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}

export interface PrintSession extends AgentSession {
  readPermissionMode(): string | null;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops listening without ending the agent, which goes on in tmux. */
  letGo(): void;
}

export function createPrintSession(parts: PrintSessionParts): PrintSession {
  const { files, workspace, log } = parts;
  const slot: TurnSlot = { turn: null };
  const conversation = followConversation(parts);
  const mouth = createMouth(files.stream, workspace);
  const controls = createControls((line) => mouth.say(line));
  const modes = createModes(parts.permissionMode);
  const hearing = createHearing({ slot, controls, mouth, named: conversation.named });
  const rest = createRest(parts, slot, hearing);
  const follower = follow({
    stream: files.stream,
    workspace,
    log,
    take(line) {
      modes.hear(line.line);
      hearing.take(line);
    },
    rested() {
      hearing.rested();
      rest.look();
    },
  });
  const life = followLife({
    ...parts,
    async died(why) {
      const isHeard = await follower.drain();
      slot.turn?.died(why, isHeard);
    },
  });

  function begin(observer: TurnObserver, answers: ReadonlyMap<string, boolean>): Turn {
    return createTurn({
      observer,
      say: (line) => mouth.say(line),
      answered: (requestId) => answers.get(requestId) ?? null,
      remembered: (rules) => modes.remembered(rules),
      log,
    });
  }

  async function carry(turn: Turn, steps: (signal: AbortSignal) => Steps, signal: AbortSignal): Promise<TurnEnd> {
    try {
      return await carryOut({ controls, life }, turn, steps, signal);
    } finally {
      slot.turn = null;
    }
  }

  async function prepare(observer: TurnObserver, signal: AbortSignal): Promise<void> {
    await rest.goOn((notice) => observer.noticed(notice));
    await hearing.untilIdle(signal);
    if (!modes.isUnsure || signal.aborted) return;
    await controls.ask('set_permission_mode', { mode: modes.wanted });
    modes.sure();
  }

  const needs = { ...parts, mouth, giveUp: () => life.close() };

  return {
    get agentSessionId() {
      return conversation.agentSessionId;
    },
    exited: life.exited,
    close: () => life.close(),
    isClosing: () => life.isClosing,
    readPermissionMode: () => hearing.state.permissionMode,
    sleep: () => sleep({ ...parts, slot, hearing, life }),
    runTurn(prompt, observer, signal) {
      const turn = begin(observer, new Map());
      slot.turn = turn;
      const run = async (either: AbortSignal): Promise<void> => {
        await prepare(observer, either);
        if (either.aborted) return;
        const saying = await submit(needs, turn, prompt, observer, either);
        await turn.received;
        if (saying !== null && turn.isReceived) await tellArrival(parts, observer, saying);
      };
      const steps = (either: AbortSignal): Steps => ({ done: run(either), attached: Promise.resolve() });
      return carry(turn, steps, signal);
    },
    async rejoinTurn(past: RejoinedTurn, observer: TurnObserver, signal: AbortSignal) {
      const rejoined = await rejoin({ ...parts, follower, begin }, past, observer);
      const steps = (): Steps => rejoined.listen((turn) => (slot.turn = turn));
      return carry(rejoined.turn, steps, signal);
    },
    letGo() {
      follower.stop();
      slot.turn?.asking.stop();
      life.letGo();
    },
  };
}
