import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';
import type { Caller } from './caller.ts';

/** Stands for a caller's key where headers cannot be set: once, and for a moment. */
export interface Ticket {
  readonly ticket: string;
  readonly expiresAt: number;
}

/** In memory: a restart forgets them, and a client asks for another. */
export interface Tickets {
  issue(caller: Caller | null): Ticket;
  /** Who got it; null when it is unknown, used or too old. Whether the key still opens anything is not asked. */
  use(ticket: string): Caller | null;
}

const TICKET_MS = 30_000;

export type TicketClock = Pick<Clock, 'now' | 'elapsed'>;

/** They last by time that passes, whatever becomes of the clock. */
export function createTickets({ now, elapsed }: TicketClock): Tickets {
  /** By digest, oldest first. */
  const issued = new Map<string, { readonly caller: Caller | null; readonly overAt: number }>();

  function forgetOld(): void {
    for (const [digest, { overAt }] of issued) {
      if (overAt > elapsed()) return;
      issued.delete(digest);
    }
  }

  return {
    issue(caller) {
      forgetOld();
      const ticket = randomBytes(32).toString('base64url');
      issued.set(toDigest(ticket), { caller, overAt: elapsed() + TICKET_MS });
      return { ticket, expiresAt: now() + TICKET_MS };
    },
    use(ticket) {
      forgetOld();
      const digest = toDigest(ticket);
      const found = issued.get(digest);
      issued.delete(digest);
      return found?.caller ?? null;
    },
  };
}

/** A lookup takes a time that depends on what is looked up; of a digest that says nothing. */
function toDigest(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64');
}
