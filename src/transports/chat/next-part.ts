import type { Outcome } from '../../core/ports/transport.ts';

/** What a delivery has become. */
export type Told = Extract<Outcome, { readonly kind: 'sent' | 'part' }>;

/** Sends the first of those that were not sent before. */
export async function nextPart<Part>(
  parts: readonly Part[],
  messages: readonly string[],
  send: (part: Part) => Promise<string>,
): Promise<Told> {
  const part = parts[messages.length];
  if (part === undefined) return { kind: 'sent', messages };
  const all = [...messages, await send(part)];
  return { kind: all.length < parts.length ? 'part' : 'sent', messages: all };
}
