import type { RejoinedTurn, TurnEnd, TurnObserver } from '../../../core/ports/agent.ts';
import { follow, type Follower } from '../stream/follow.ts';
import { createTurn, type Turn } from '../turn/turn.ts';
import { carryOut, type Steps } from './carry-out.ts';
import { createControls, type Controls } from '../link/controls.ts';
import { followConversation, type Conversation } from './conversation.ts';
import { createHearing, type Hearing, type TurnSlot } from '../link/hearing.ts';
import { createHandedTrace } from '../../program/driver/handed-trace.ts';
import type { ProgramSession } from '../../program/driver/live.ts';
import { followLife, type Life } from '../../program/ending/life.ts';
import { createModes, type Modes } from '../link/modes.ts';
import { createMouth, type Mouth } from '../link/mouth.ts';
import type { PrintSessionParts } from './parts.ts';
import { rejoin } from './rejoin.ts';
import { createRest, type Rest } from './rest.ts';
import { sleep } from './sleep.ts';
import { submit, tellArrival } from './submit.ts';

export type PrintSession = ProgramSession;

/** What the turns of a session share. */
interface Inside {
  readonly slot: TurnSlot;
  readonly mouth: Mouth;
  /** Never rejects. */
  readonly say: (line: string) => Promise<void>;
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
  const { slot, hearing, life } = inside;
  const trace = createHandedTrace(parts);
  return {
    get agentSessionId() {
      return conversation.agentSessionId;
    },
    exited: life.exited,
    close: () => life.close(),
    isClosing: () => life.isClosing,
    readPermissionMode: () => hearing.state.permissionMode,
    sleep: () => sleep({ ...parts, slot, hearing, life }),
    runTurn: (prompt, observer, signal, traceparent = null) =>
      trace.during(traceparent, observer, (told) => runTurn(parts, inside, { prompt, observer: told, signal })),
    rejoinTurn: (past, observer, signal) =>
      trace.during(past.traceparent, observer, (told) => rejoinTurn(parts, inside, past, { observer: told, signal })),
    letGo() {
      inside.follower.stop();
      slot.turn?.asking.stop();
      life.letGo();
    },
  };
}

function listen(parts: PrintSessionParts, conversation: Conversation): Inside {
  const { files, workspace, log } = parts;
  const slot: TurnSlot = { turn: null, dead: null };
  const mouth = createMouth(files.stream, workspace);
  const controls = createControls((line) => mouth.say(line));
  const say = (line: string): Promise<void> => sayOrEnd(parts, mouth, life, line);
  const modes = createModes(parts.permissionMode);
  const hearing = createHearing({ slot, controls, prices: parts.prices, say, named: conversation.named });
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
  async function died(why: string): Promise<void> {
    const isHeard = await follower.drain();
    slot.dead ??= { why, isHeard };
    slot.turn?.died(why, isHeard);
  }
  const life = followLife({
    ...parts,
    died,
    async closing(why, kill) {
      // What it still says when it is ended counts.
      await kill();
      await died(why);
    },
  });
  return { slot, mouth, say, controls, modes, hearing, rest, follower, life };
}

/** An agent whose question nobody can answer would stand still for ever: it is ended. */
async function sayOrEnd({ name, log }: PrintSessionParts, mouth: Mouth, life: Life, line: string): Promise<void> {
  try {
    await mouth.say(line);
  } catch (error) {
    if (life.released.aborted || life.isClosing) return;
    log.error({ session: name, error: String(error) }, 'decision.not_handed_over');
    await life.close();
  }
}

/** The turn hears what the agent says from here on. */
function attach({ slot, hearing }: Inside, turn: Turn): void {
  slot.turn = turn;
  if (slot.dead !== null) turn.died(slot.dead.why, slot.dead.isHeard);
  hearing.known();
}

interface Task {
  readonly prompt: string;
  readonly observer: TurnObserver;
  readonly signal: AbortSignal;
}

function runTurn(parts: PrintSessionParts, inside: Inside, { prompt, observer, signal }: Task): Promise<TurnEnd> {
  const { mouth, life } = inside;
  const turn = beginTurn(parts, inside, observer, () => null);
  attach(inside, turn);
  async function giveUp(why: string | null): Promise<void> {
    if (why !== null) turn.finish({ kind: 'unsubmitted', why });
    await life.close();
  }
  async function run(either: AbortSignal): Promise<void> {
    const obstacle = await prepare(inside, observer, either).catch(toObstacle);
    if (either.aborted || turn.state === 'ended') return;
    if (obstacle !== null) return giveUp(obstacle);
    const needs = { ...parts, mouth, giveUp };
    const saying = await submit(needs, turn, prompt, observer, either);
    await turn.received;
    if (saying !== null && turn.isReceived) await tellArrival(parts, observer, saying);
  }
  const steps = (either: AbortSignal): Steps => ({ done: run(either), attached: Promise.resolve() });
  return carry(inside, turn, steps, signal);
}

function rejoinTurn(
  parts: PrintSessionParts,
  inside: Inside,
  past: RejoinedTurn,
  { observer, signal }: Omit<Task, 'prompt'>,
): Promise<TurnEnd> {
  const { follower, life } = inside;
  const needs = {
    ...parts,
    follower,
    begin: (answered: (requestId: string) => boolean | null) => beginTurn(parts, inside, observer, answered),
    attach: (turn: Turn) => attach(inside, turn),
    giveUp: () => life.close(),
  };
  const rejoined = rejoin(needs, past, observer);
  return carry(inside, rejoined.turn, rejoined.listen, signal);
}

/** Until the agent is idle, and in its mode. Resolves with why it cannot be, or null. */
async function prepare(inside: Inside, observer: TurnObserver, signal: AbortSignal): Promise<string | null> {
  const { rest, hearing, modes, controls } = inside;
  await rest.goOn((notice) => observer.noticed(notice));
  await hearing.untilIdle(signal);
  if (!modes.isUnsure || signal.aborted) return null;
  const answer = await controls.ask(signal, 'set_permission_mode', { mode: modes.wanted });
  if (answer?.ok !== true) return `The agent did not go back to the permission mode ${modes.wanted}.`;
  modes.sure();
  return null;
}

function toObstacle(error: unknown): string {
  return `The agent could not be made ready: ${String(error)}`;
}

function beginTurn(
  { version, log }: PrintSessionParts,
  { say, modes }: Inside,
  observer: TurnObserver,
  answered: (requestId: string) => boolean | null,
): Turn {
  return createTurn({
    observer,
    say,
    version,
    answered,
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
