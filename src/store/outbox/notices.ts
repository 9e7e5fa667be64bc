import type { MessageRefusal } from '../../core/ports/outbox-store.ts';
import { owe } from '../deliveries/owe.ts';
import type { Step } from '../sql/step.ts';
import { noteHandled } from '../threads/threads.ts';

/** Must run inside one transaction: what is noted as refused is told. */
export function* refuseMessage({ place, messageId, to, text }: MessageRefusal, at: number): Step<void> {
  yield* noteHandled(place, messageId);
  const event = { type: 'message.refused' as const, at, data: { messageId, text }, requestId: null, workspace: '' };
  yield* owe(event, { to, webhookId: null }, 'notice');
}
