import { expect, test } from '@jest/globals';
import { parseHookPayload } from '../../../../../src/agents/claude/hooks/hook-payload.ts';
import { createPromptQueue, type PromptQueue } from '../../../../../src/agents/claude/session/prompt-queue.ts';

function tell(queue: PromptQueue, event: string, id: string): void {
  queue.hear(parseHookPayload({ hook_event_name: event, session_id: 's', prompt_id: id }));
}

/** Whether the prompt that is told last stands behind a turn that runs. */
function isQueued(...told: readonly (readonly [event: string, id: string])[]): boolean {
  const queue = createPromptQueue();
  for (const [event, id] of told) {
    tell(queue, event, id);
    if (event === 'UserPromptSubmit') queue.follow();
  }
  return queue.isQueued;
}

test.each<[string, readonly (readonly [string, string])[], boolean]>([
  ['the first prompt', [['UserPromptSubmit', 'a']], false],
  [
    'one with an id of its own',
    [
      ['UserPromptSubmit', 'a'],
      ['Stop', 'a'],
      ['UserPromptSubmit', 'b'],
    ],
    false,
  ],
  [
    'one with the id of a turn that was reported',
    [
      ['UserPromptSubmit', 'a'],
      ['UserPromptSubmit', 'a'],
    ],
    true,
  ],
  [
    'one with the id of a turn that only its tools told of',
    [
      ['PreToolUse', 'a'],
      ['UserPromptSubmit', 'a'],
    ],
    true,
  ],
  [
    'one behind a queued prompt whose turn has told nothing yet',
    [
      ['UserPromptSubmit', 'a'],
      ['UserPromptSubmit', 'a'],
      ['Stop', 'a'],
      ['UserPromptSubmit', 'b'],
    ],
    true,
  ],
  [
    'one behind the end of a queued prompt',
    [
      ['UserPromptSubmit', 'a'],
      ['UserPromptSubmit', 'a'],
      ['Stop', 'a'],
      ['Stop', 'b'],
      ['UserPromptSubmit', 'c'],
    ],
    false,
  ],
])('%s', (_name, told, expected) => {
  expect(isQueued(...told)).toBe(expected);
});

test('what was refused runs nowhere', () => {
  const queue = createPromptQueue();
  tell(queue, 'UserPromptSubmit', 'a');
  tell(queue, 'UserPromptSubmit', 'a');
  tell(queue, 'Stop', 'a');
  expect(queue.isFollowed).toBe(false);
  tell(queue, 'UserPromptSubmit', 'b');
  expect(queue.isQueued).toBe(false);
});

test('a turn that is followed has no end yet', () => {
  const queue = createPromptQueue();
  tell(queue, 'UserPromptSubmit', 'a');
  tell(queue, 'UserPromptSubmit', 'a');
  queue.follow();
  tell(queue, 'Stop', 'a');
  expect(queue.isFollowed).toBe(true);
  tell(queue, 'StopFailure', 'b');
  expect(queue.isFollowed).toBe(false);
});
