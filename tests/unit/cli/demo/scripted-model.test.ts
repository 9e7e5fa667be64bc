import { expect, test } from '@jest/globals';
import { findPrompt, startScriptedModel, toAnswer } from '../../../../src/cli/demo/scripted-model.ts';

test('the prompt is what the user said last, without what the agent adds', () => {
  const messages = [
    { role: 'user', content: 'first' },
    { role: 'assistant', content: 'answer' },
    { role: 'user', content: '<system-reminder>\nnotes\n</system-reminder>second' },
  ];
  expect(findPrompt(messages)).toBe('second');
  expect(findPrompt([{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image' }] }])).toBe('a');
  expect(findPrompt([])).toBe('');
});

test('the answer depends on the prompt', () => {
  expect(toAnswer('hello')).toMatch(/^You said: hello\n\nThat is 1 word,/);
  expect(toAnswer('hello you')).toMatch(/2 words/);
});

test('it answers as the model API does', async () => {
  const model = await startScriptedModel();
  try {
    const response = await fetch(`${model.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'any' },
      body: JSON.stringify({ model: 'any', max_tokens: 100, messages: [{ role: 'user', content: 'hello there' }] }),
    });
    expect(JSON.stringify(await response.json())).toContain('You said: hello there');
  } finally {
    await model.stop();
  }
});
