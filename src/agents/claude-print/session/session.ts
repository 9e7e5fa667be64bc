import type { AgentSession, TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import { follow, type Follower } from '../stream/follow.ts';
import { createTurn, type Turn } from '../turn/turn.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { createControls, type Controls } from '../link/controls.ts';
import { followConversation, type Conversation } from './conversation.ts';
import { createHearing, type Hearing, type TurnSlot } from '../link/hearing.ts';
import { followLife, type Life } from './life.ts';
import { createModes, type Modes } from '../link/modes.ts';
import { createMouth, type Mouth } from '../link/mouth.ts';
import type { PrintSessionParts } from './parts.ts';
import { rejoin } from './rejoin.ts';
import { createRest, type Rest } from './rest.ts';
import { sleep } from './sleep.ts';
import { submit, tellArrival } from './submit.ts';

export interface PrintSession extends AgentSession {
  readPermissionMode(): string | null;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops listening without ending the agent, which goes on in tmux. */
  letGo(): void;
}

/** What the turns of a session share. */
interface Inside {
  readonly slot: TurnSlot;
  readonly mouth: Mouth;
  readonly controls: Controls;
  readonly modes: Modes;
  readonly hearing: Hearing;
  readonly rest: Rest;
  readonly follower: Follower;
  readonly life: Life;
}

export function createPrintSession(parts: PrintSessionParts): PrintSession {
  const conversation = followConversation(parts);
  const inside = listen(parts, conversation);
  const { slot, hearing, follower, life } = inside;
  return {
    get agentSessionId() {
      return conversation.agentSessionId;
    },
    exited: life.exited,
    close: () => life.close(),
    isClosing: () => life.isClosing,
    readPermissionMode: () => hearing.state.permissionMode,
    sleep: () => sleep({ ...parts, slot, hearing, life }),
    runTurn: (prompt, observer, signal) => runTurn(parts, inside, { prompt, observer, signal }),
    async rejoinTurn(past, observer, signal) {
      const begin = (answers: ReadonlyMap<string, boolean>): Turn => beginTurn(parts, inside, observer, answers);
      const rejoined = await rejoin({ ...parts, follower, begin }, past, observer);
      return carry(inside, rejoined.turn, () => rejoined.listen((turn) => (slot.turn = turn)), signal);
    },
    letGo() {
      follower.stop();
      slot.turn?.asking.stop();
      life.letGo();
    },
  };
}

function listen(parts: PrintSessionParts, conversation: Conversation): Inside {
  const { files, workspace, log } = parts;
  const slot: TurnSlot = { turn: null };
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
  return { slot, mouth, controls, modes, hearing, rest, follower, life };
}

interface Task {
  readonly prompt: string;
  readonly observer: TurnObserver;
  readonly signal: AbortSignal;
}

function runTurn(parts: PrintSessionParts, inside: Inside, { prompt, observer, signal }: Task): Promise<TurnEnd> {
  const { mouth, life, slot } = inside;
  const turn = beginTurn(parts, inside, observer, new Map());
  slot.turn = turn;
  async function run(either: AbortSignal): Promise<void> {
    await prepare(inside, observer, either);
    if (either.aborted) return;
    const needs = { ...parts, mouth, giveUp: () => life.close() };
    const saying = await submit(needs, turn, prompt, observer, either);
    await turn.received;
    if (saying !== null && turn.isReceived) await tellArrival(parts, observer, saying);
  }
  const steps = (either: AbortSignal): Steps => ({ done: run(either), attached: Promise.resolve() });
  return carry(inside, turn, steps, signal);
}

/** Until the agent is idle, and in its mode. */
async function prepare(inside: Inside, observer: TurnObserver, signal: AbortSignal): Promise<void> {
  const { rest, hearing, modes, controls } = inside;
  await rest.goOn((notice) => observer.noticed(notice));
  await hearing.untilIdle(signal);
  if (!modes.isUnsure || signal.aborted) return;
  await controls.ask('set_permission_mode', { mode: modes.wanted });
  modes.sure();
}

function beginTurn(
  { log }: PrintSessionParts,
  { mouth, modes }: Inside,
  observer: TurnObserver,
  answers: ReadonlyMap<string, boolean>,
): Turn {
  return createTurn({
    observer,
    say: (line) => mouth.say(line),
    answered: (requestId) => answers.get(requestId) ?? null,
    remembered: (rules) => modes.remembered(rules),
    log,
  });
}

async function carry(
  { slot, controls, life }: Inside,
  turn: Turn,
  steps: (signal: AbortSignal) => Steps,
  signal: AbortSignal,
): Promise<TurnEnd> {
  try {
    return await carryOut({ controls, life }, turn, steps, signal);
  } finally {
    slot.turn = null;
  }
}
