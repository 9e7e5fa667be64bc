import { asEntry, blocksOf, type Block, type Entry } from './entries.ts';

/** What a turn left to go on behind its end, as its lines tell. Each of these wakes the agent again. */
export interface Background {
  /** Tasks that run: commands, agents, monitors. */
  readonly tasks: ReadonlySet<string>;
  /** What the agent will be asked when its time comes, because it said so in this turn. */
  readonly wakeUps: ReadonlySet<string>;
  /** Takes a line of the turn. */
  hear(entry: Entry): void;
  /** True when this prompt of the CLI itself is of one of these; one that has ended, or whose time has come, is gone. */
  wakes(prompt: string): boolean;
}

export function followBackground(): Background {
  const tasks = new Set<string>();
  const wakeUps = new Set<string>();
  const uses = new Map<string, Block>();

  function hearResult(block: Block, result: Entry): void {
    const use = uses.get(block.tool_use_id ?? '');
    const started = startedTask(block, result, use?.name);
    if (started !== null) tasks.add(started);
    const input = asEntry(use?.input);
    if (use?.name === 'ScheduleWakeup' && Number(result['scheduledFor']) > 0) wakeUps.add(String(input['prompt']));
    if (ENDING_TOOLS.has(use?.name ?? '') && block.is_error !== true)
      tasks.delete(String(input['task_id'] ?? input['shell_id']));
  }

  return {
    tasks,
    wakeUps,
    hear(entry) {
      if (entry['isSidechain'] === true) return;
      for (const block of blocksOf(entry)) {
        if (block.type === 'tool_use' && block.id !== undefined) uses.set(block.id, block);
        if (block.type === 'tool_result') hearResult(block, asEntry(entry['toolUseResult']));
      }
      // Behind a tool the agent is told of it in the turn that runs.
      const { type, prompt } = asEntry(entry['attachment']);
      if (type === 'queued_command' && typeof prompt === 'string') endTask(tasks, prompt);
    },
    wakes(prompt) {
      const task = taskOf(prompt);
      if (task === OF_HOOK) return true;
      if (task === null) return wakeUps.delete(prompt);
      const isOurs = tasks.has(task);
      endTask(tasks, prompt);
      return isOurs;
    },
  };
}

const ENDING_TOOLS: ReadonlySet<string> = new Set(['TaskStop', 'KillShell', 'KillBash']);

/** The task that a tool left running, by its result. */
function startedTask(block: Block, result: Entry, tool: string | undefined): string | null {
  const { backgroundTaskId, agentId, taskId, status } = result;
  if (typeof backgroundTaskId === 'string') return backgroundTaskId;
  if (status === 'async_launched') return typeof agentId === 'string' ? agentId : toText(taskId);
  if (tool === 'Monitor') return toText(taskId);
  return /running in (?:the )?background with ID: (\w+)/.exec(JSON.stringify(block.content ?? ''))?.[1] ?? null;
}

function endTask(tasks: Set<string>, prompt: string): void {
  const task = taskOf(prompt);
  // A monitor tells of each thing that it sees, and goes on.
  if (task !== null && !/<event>/.test(prompt)) tasks.delete(task);
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** In the place of a task: a hook that ran on behind its event has an answer, and it is for the turn before. */
export const OF_HOOK = '';

/** Of which task the CLI tells its agent in this prompt; null when it is none of that kind. */
export function taskOf(prompt: string): string | null {
  return isTaskNotification(prompt) ? (/<task-id>([\w-]+)<\/task-id>/.exec(prompt)?.[1] ?? OF_HOOK) : null;
}

export function isTaskNotification(prompt: string): boolean {
  return prompt.trimStart().startsWith('<task-notification>');
}
