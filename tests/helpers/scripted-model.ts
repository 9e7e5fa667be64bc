import { LLMock } from '@copilotkit/aimock';

/** What the model is told to do for one prompt. `said`: all that was said before in the conversation. */
export type Script = (prompt: string, said: string) => Plan | Promise<Plan>;

export type Plan = string | ToolUse | ToolUses | FullAnswer;

/** An answer that fills the agent's context. */
export interface FullAnswer {
  readonly answer: string;
  readonly inputTokens: number;
}

export interface ToolUse {
  readonly tool: string;
  readonly input: object;
  /** What the model says once the tool's result is back. */
  readonly answer: string;
}

/** Several at once. */
export interface ToolUses {
  readonly tools: readonly Pick<ToolUse, 'tool' | 'input'>[];
  readonly answer: string;
}

export interface ScriptedModel {
  readonly url: string;
  /** The user's prompts in the order in which the model received them, without the CLI's own additions. */
  readonly prompts: readonly string[];
  /** All that was said in the conversation when this prompt came, one text after the other; empty for an unknown one. */
  knew(prompt: string): string;
  /** How many prompts equal this one. */
  count(prompt: string): number;
  /** All that it charged, over all answers; nothing unless it was told to. */
  charged(): Charged;
  close(): Promise<void>;
}

export interface Charged {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface Message {
  readonly role: string;
  readonly content: string | readonly { readonly type: string; readonly text?: string }[] | null;
}

export interface ModelAddress {
  readonly host: string;
  readonly port: number;
}

/** An Anthropic API on loopback, unless told otherwise, that answers by a script. `echo: …` by default. */
export async function startScriptedModel(
  script: Script = (prompt) => `echo: ${prompt}`,
  { host, port }: ModelAddress = { host: '127.0.0.1', port: 0 },
  charges: 'nothing' | 'each answer' = 'nothing',
): Promise<ScriptedModel> {
  const prompts: string[] = [];
  const known = new Map<string, string>();
  let answers = 0;
  const charged = { inputTokens: 0, outputTokens: 0 };
  /** Each another amount, so that none can stand for another. */
  function charge(): object {
    if (charges === 'nothing') return {};
    answers += 1;
    const [input, output] = [100 + answers, 7 * answers];
    charged.inputTokens += input;
    charged.outputTokens += output;
    return { usage: { input_tokens: input, output_tokens: output } };
  }
  const mock = new LLMock({ port, host, logLevel: 'silent', chunkSize: 2_000 });
  mock.on({ predicate: () => true }, async (request: { readonly messages: readonly unknown[] }) => {
    const messages = request.messages as readonly Message[];
    const last = messages.at(-1);
    const prompt = lastPrompt(messages);
    if (isTitleRequest(messages)) return { content: 'A title' };
    const said = messages.flatMap(texts).join('\n');
    if (last?.role === 'tool' && !isAsked(messages)) {
      const planned = await script(prompt, said);
      return { content: typeof planned === 'string' ? planned : planned.answer, ...charge() };
    }
    prompts.push(prompt);
    known.set(prompt.trimEnd(), said);
    const planned = await script(prompt, said);
    if (typeof planned === 'string') return { content: planned, ...charge() };
    if ('inputTokens' in planned)
      return { content: planned.answer, usage: { input_tokens: planned.inputTokens, output_tokens: 1 } };
    const uses = 'tools' in planned ? planned.tools : [planned];
    return {
      toolCalls: uses.map(({ tool, input }) => ({ name: tool, arguments: JSON.stringify(input) })),
      ...charge(),
    };
  });
  await mock.start();
  return {
    url: mock.url,
    prompts,
    knew: (prompt) => known.get(prompt) ?? '',
    count: (prompt) => prompts.filter((received) => received.trimEnd() === prompt).length,
    charged: () => ({ ...charged }),
    close: () => mock.stop(),
  };
}

/** A prompt stands behind the last answer: after a tool that was interrupted they come together. */
function isAsked(messages: readonly Message[]): boolean {
  const role = (wanted: string): number => messages.findLastIndex((message) => message.role === wanted);
  return role('user') > role('assistant');
}

/** The CLI asks for a title of the conversation with a request of its own. */
function isTitleRequest(messages: readonly Message[]): boolean {
  return messages.some(
    (message) => message.role !== 'assistant' && texts(message).some((text) => text.includes('Write the title in ')),
  );
}

function lastPrompt(messages: readonly Message[]): string {
  const own = messages.findLast((message) => message.role === 'user');
  if (own === undefined) return '';
  return lastText(texts(own));
}

/** What the CLI itself says to the model in front of a prompt: reminders, commands that a person gave, an interrupt. */
const ADDITION =
  /^\s*(?:<(system-reminder|local-command-\w+|command-\w+)>[\s\S]*?<\/\1>\n*|\[Request interrupted by user[^\]]*\]\n*)/;

/** Prompts that had no answer stand before the last one in the same message. */
export function lastText(texts: readonly string[]): string {
  return texts.map(withoutAdditions).findLast((text) => text.trim() !== '') ?? lastNotification(texts);
}

/** Newer versions wrap what wakes the agent in a reminder. */
function lastNotification(texts: readonly string[]): string {
  return /<task-notification>[\s\S]*<\/task-notification>/.exec(texts.at(-1) ?? '')?.[0] ?? '';
}

/** `claude -p` joins a prompt that was interrupted with the next one. */
const INTERRUPTED = /^[\s\S]*\n\[Request interrupted by user[^\]]*\]\n/;

function withoutAdditions(text: string): string {
  let rest = text.replace(INTERRUPTED, '');
  while (ADDITION.test(rest)) rest = rest.replace(ADDITION, '');
  return rest;
}

function texts(message: Message): readonly string[] {
  if (typeof message.content === 'string') return [message.content];
  return (message.content ?? []).map((block) => block.text ?? '');
}
