import type { Step } from '../transcript/steps.ts';
import type { Message } from './message.ts';

/** What of these steps' texts has not been told: only what goes on exactly where the told text ends. */
export function findMissing(told: string, steps: readonly Step[]): ReadonlyMap<Step, string> {
  const missing = new Map<Step, string>();
  let known = told;
  for (const step of steps) {
    if (step.kind !== 'said') continue;
    if (known.startsWith(step.text)) {
      known = known.slice(step.text.length);
      continue;
    }
    if (!step.text.startsWith(known)) return new Map();
    missing.set(step, step.text.slice(known.length));
    known = '';
  }
  return missing;
}

/** What of an answer its message does not show; null when it shows it all. `whole`: the message is another one. */
export function findRest(
  message: Message,
  answer: string,
): { readonly kind: 'rest' | 'whole'; readonly text: string } | null {
  const said = message.text.trimStart();
  const whole = answer.trimStart();
  if (said.trimEnd().endsWith(whole.trimEnd())) return null;
  const isPart = said !== '' && !message.isWhole && whole.startsWith(said);
  return isPart ? { kind: 'rest', text: whole.slice(said.length) } : { kind: 'whole', text: answer };
}
