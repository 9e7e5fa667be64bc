import type { MessageRefusal } from '../../core/ports/outbox-store.ts';
import { owe } from '../deliveries/owe.ts';
import type { Statements } from '../sql/statements.ts';
import { noteHandled } from '../threads/threads.ts';

/** Must run inside one transaction: what is noted as refused is told. */
export function refuseMessage(db: Statements, { place, messageId, to, text }: MessageRefusal, at: number): void {
  noteHandled(db, place, messageId);
  const event = { type: 'message.refused' as const, at, data: { messageId, text }, requestId: null, workspace: '' };
  owe(db, event, { to, webhookId: null }, 'notice');
}
