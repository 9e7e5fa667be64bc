import { createHash } from 'node:crypto';
import type { Alteration } from '../../../core/model/prompt.ts';
import { isCommand } from '../../program/versions/commands.ts';
import { takesTextAsText } from '../../program/versions/versions.ts';

/** A prompt as it is said to the agent. */
export interface Saying {
  readonly line: string;
  /** Of the message. */
  readonly uuid: string;
  /** What its model gets. */
  readonly text: string;
  readonly altered: readonly Alteration[];
}

export interface SayingParts {
  /** Of the launch. */
  readonly token: string;
  /** Where the line begins in the input (bytes). */
  readonly offset: number;
  readonly prompt: string;
  readonly version: string | null;
}

/** The same of the same parts: a later process knows by it what became of the prompt. The agent passes over a message whose
 *  uuid it has seen, so that no prompt is run twice. `later`: behind a turn that nobody asked for, not into it. */
export function toSaying({ token, offset, prompt, version }: SayingParts): Saying {
  const isText = takesTextAsText(version);
  // A command in other versions. It would be none behind a space.
  const isEscaped = !isText && isCommand(prompt);
  const text = isEscaped ? ` ${prompt}` : prompt;
  const uuid = toUuid(`${token} ${offset}`);
  const message = { role: 'user', content: text };
  const line = JSON.stringify({ type: 'user', uuid, priority: 'later', text_not_typed: true, message });
  return { line, uuid, text, altered: isEscaped ? ['space_in_front'] : [] };
}

function toUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A request of ours. */
export function toRequest(requestId: string, subtype: string, fields: object = {}): string {
  return JSON.stringify({ type: 'control_request', request_id: requestId, request: { subtype, ...fields } });
}

/** The answer to a request of the agent. */
export function toAnswer(requestId: string, response: object): string {
  return JSON.stringify({
    type: 'control_response',
    response: { subtype: 'success', request_id: requestId, response },
  });
}

/** The answer to one that is not known here: without any, the agent would wait for ever. */
export function toRefusal(requestId: string, error: string): string {
  return JSON.stringify({ type: 'control_response', response: { subtype: 'error', request_id: requestId, error } });
}
