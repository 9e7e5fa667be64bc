import type { HookPayload } from '../hooks/hook-payload.ts';
import { OF_HOOK, taskOf } from '../transcript/background.ts';

/** What a turn leaves to go on behind its answer: its tasks, and the times at which it wants to be asked again. Each wakes
 *  the agent, and only the Stop behind the last one is the end. */
export interface Leftovers {
  /** A tool of the turn has ended. */
  hearTool(payload: HookPayload): void;
  /** Its own Stop tells what goes on by now. True when something of this turn does. */
  hearStop(payload: HookPayload): boolean;
  /** So does the Stop of another turn, which may have begun more. */
  hearOtherStop(payload: HookPayload): void;
  /** As the transcript tells, in which a task that has just ended is still open. */
  restore(tasks: readonly string[], wakeUps: readonly string[]): void;
  /** True when this prompt is told by one of these. */
  wakes(prompt: string): boolean;
  /** Nothing is left, as the last Stop told. */
  readonly isEmpty: boolean;
  /** No Stop has told since the transcript did, which tells of their end, too. */
  readonly isOfTranscript: boolean;
}

/** `earlierTasks`: of earlier turns, which hold this one never; null when nobody knows which those are. */
export function createLeftovers(earlierTasks: ReadonlySet<string> | null): Leftovers {
  let tasks: ReadonlySet<string> = new Set();
  let wakeUps: ReadonlySet<string> = new Set();
  let isEmpty = true;
  let isOfTranscript = false;
  /** What the agent asked to be asked. */
  const wanted = new Set<string>();
  const others = new Set(earlierTasks);

  /** A task that nobody else began is of this turn, where the earlier ones are known. */
  const isOwn = (task: string): boolean => tasks.has(task) || (earlierTasks !== null && !others.has(task));

  function settle(nextTasks: readonly string[], nextWakeUps: readonly string[]): void {
    tasks = new Set(nextTasks);
    wakeUps = new Set(nextWakeUps);
    isEmpty = tasks.size + wakeUps.size === 0;
    isOfTranscript = false;
  }

  return {
    hearTool({ hook_event_name: event, tool_name: tool, tool_input: input, tool_response: response }) {
      if (event === 'PostToolUse' && tool === 'ScheduleWakeup' && Number(response['scheduledFor']) > 0)
        wanted.add(String(input['prompt']));
    },
    hearStop({ background_tasks: running, session_crons: crons }) {
      settle(
        running.filter(isOwn),
        crons.map(({ prompt }) => prompt).filter((prompt) => wanted.has(prompt)),
      );
      return !isEmpty;
    },
    hearOtherStop({ background_tasks: running, session_crons: crons }) {
      for (const task of running) if (!tasks.has(task)) others.add(task);
      settle(
        running.filter((task) => tasks.has(task)),
        crons.map(({ prompt }) => prompt).filter((prompt) => wakeUps.has(prompt)),
      );
    },
    restore(knownTasks, knownWakeUps) {
      tasks = new Set(knownTasks);
      wakeUps = new Set(knownWakeUps);
      isOfTranscript = true;
      if (earlierTasks === null) isEmpty = tasks.size + wakeUps.size === 0;
      for (const prompt of knownWakeUps) wanted.add(prompt);
    },
    wakes(prompt) {
      const task = taskOf(prompt);
      if (task === OF_HOOK) return true;
      return task === null ? wakeUps.has(prompt) : isOwn(task);
    },
    get isEmpty() {
      return isEmpty;
    },
    get isOfTranscript() {
      return isOfTranscript;
    },
  };
}
