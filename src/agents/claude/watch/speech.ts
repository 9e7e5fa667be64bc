import type { HookPayload } from '../hooks/hook-payload.ts';

/** What was said, one text for each message. */
export function createSpeech(): { hear(payload: HookPayload): void; text(): string } {
  const messages: { readonly id: string | null; text: string }[] = [];
  return {
    hear({ message_id: id, delta }) {
      const last = messages.at(-1);
      if (last !== undefined && last.id === id) last.text += delta ?? '';
      else messages.push({ id, text: delta ?? '' });
    },
    text: () =>
      messages
        .map(({ text }) => text)
        .filter((text) => text !== '')
        .join('\n\n'),
  };
}
