import type { ChatTransport } from '../../src/core/model/chat.ts';

/** An answer that is `parts` messages in its network. */
export interface ChatAnswer {
  readonly network: ChatTransport;
  readonly number: number;
  readonly parts: number;
}

/** No two of them fit into one message. */
const LETTERS: Readonly<Record<ChatTransport, number>> = { telegram: 3_000, discord: 1_500 };

export function toPrompt({ network, number, parts }: ChatAnswer): string {
  return `answer ${network} ${number} in ${parts}`;
}

/** What the agent says to such a prompt. */
export function answerTo(prompt: string): string {
  const [, network, number, parts] = /^answer (\w+) (\d+) in (\d)$/.exec(prompt) ?? [];
  const answer = { network: network as ChatTransport, number: Number(number), parts: Number(parts) };
  return toMessages(answer).join('\n\n');
}

export function toMessages({ network, number, parts }: ChatAnswer): readonly string[] {
  return Array.from({ length: parts }, (_, part) => `${number}-${part} ${'x'.repeat(LETTERS[network])}`);
}
