import type { LLMock } from '@copilotkit/aimock';

export interface ScriptedModel {
  readonly url: string;
  stop(): Promise<void>;
}

/** A stand-in for the model API on a free loopback port. Its answers depend on the prompt and on nothing else.
 *  @throws Error when the development dependencies are not installed. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const Mock = await loadMock();
  const mock = new Mock({ host: '127.0.0.1', port: 0, chunkSize: 12, latency: 8, logLevel: 'silent' });
  mock.on({ predicate: () => true }, ({ messages }) => {
    const prompt = findPrompt(messages);
    return { content: toAnswer(prompt), usage: { input_tokens: countWords(prompt), output_tokens: 40 } };
  });
  const url = await mock.start();
  return { url, stop: () => mock.stop() };
}

async function loadMock(): Promise<typeof LLMock> {
  try {
    return (await import('@copilotkit/aimock')).LLMock;
  } catch (error) {
    throw new Error('the demo needs the development dependencies: npm ci --include=dev', { cause: error });
  }
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** What the person wrote: the last words of a user, without what Claude Code adds to them. */
export function findPrompt(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user')?.content;
  const text = Array.isArray(last) ? last.map(toPartText).join('') : typeof last === 'string' ? last : '';
  return text.replaceAll(/<system-reminder>.*?<\/system-reminder>/gs, '').trim();
}

function toPartText(part: unknown): string {
  const isText = part !== null && typeof part === 'object' && 'text' in part && typeof part.text === 'string';
  return isText ? String(part.text) : '';
}

export function toAnswer(prompt: string): string {
  const words = countWords(prompt);
  return `You said: ${prompt}\n\nThat is ${words} ${words === 1 ? 'word' : 'words'}, and I am a scripted model: with credentials set, npm start asks the real one.`;
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
