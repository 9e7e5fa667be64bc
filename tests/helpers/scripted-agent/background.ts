import { randomUUID } from 'node:crypto';
import type { AgentHooks } from './agent-hooks.ts';
import { assistantLine, toolResultLine, type Transcript } from './transcript.ts';
import type { View } from './view.ts';

/** What the agent left running, as a Stop tells it. */
export interface Task {
  readonly id: string;
  readonly type: 'shell';
  readonly status: 'running';
  readonly description: string;
  readonly command: string;
}

export interface BackgroundTasks {
  /** The running ones. */
  readonly running: readonly Task[];
  /** Starts one as a tool of this turn. It ends with `finish`. */
  start(promptId: string, signal: AbortSignal): Promise<Task>;
  /** Returns the prompt that wakes the agent. */
  finish(task: Task): string;
}

export interface BackgroundParts {
  readonly hooks: AgentHooks;
  readonly transcript: Transcript;
  readonly view: View;
}

export function createBackgroundTasks({ hooks, transcript, view }: BackgroundParts): BackgroundTasks {
  let running: readonly Task[] = [];
  const command = { command: 'wait', description: 'a task' };

  return {
    get running() {
      return running;
    },
    async start(promptId, signal) {
      const id = `b${randomUUID().replaceAll('-', '').slice(0, 8)}`;
      const toolId = `toolu_${randomUUID()}`;
      const input = { ...command, run_in_background: true };
      const tool = { prompt_id: promptId, tool_name: 'Bash', tool_input: input, tool_use_id: toolId };
      await hooks.run('PreToolUse', tool, signal);
      transcript.note(assistantLine([{ type: 'tool_use', id: toolId, name: 'Bash', input }], 'tool_use'));
      view.say(`● Bash(${command.command})`, '  ⎿  Running in the background (↓ to manage)', '');
      const said = `Command running in background with ID: ${id}. You will be notified when it completes.`;
      transcript.note(toolResultLine(promptId, toolId, said, false, { backgroundTaskId: id }));
      await hooks.run('PostToolUse', { ...tool, tool_response: { backgroundTaskId: id } }, signal);
      const task: Task = { id, type: 'shell', status: 'running', ...command };
      running = [...running, task];
      view.show({ tasks: running.length });
      return task;
    },
    finish(task) {
      running = running.filter(({ id }) => id !== task.id);
      view.show({ tasks: running.length });
      const summary = `Background command "${task.description}" completed (exit code 0)`;
      view.say(`● ${summary}`, '');
      return [
        '<task-notification>',
        `<task-id>${task.id}</task-id>`,
        '<status>completed</status>',
        `<summary>${summary}</summary>`,
        '</task-notification>',
      ].join('\n');
    },
  };
}
