import { DatabaseSync } from 'node:sqlite';

/** A turn as its client saw it; epoch milliseconds. */
export interface Seen {
  readonly requestId: string;
  readonly sentAt: number;
  readonly textAt: number;
}

export interface Parts {
  readonly accept: number;
  readonly queue: number;
  readonly paste: number;
  readonly submit: number;
  readonly agent: number;
  readonly deliver: number;
}

export const PARTS: readonly { readonly part: keyof Parts; readonly name: string }[] = [
  { part: 'accept', name: 'accept (sent → stored as queued)' },
  { part: 'queue', name: 'queue (→ claimed)' },
  { part: 'paste', name: 'paste (→ pasted into an idle agent)' },
  { part: 'submit', name: 'submit (→ the agent has exactly this prompt)' },
  { part: 'agent', name: 'agent (→ its Stop)' },
  { part: 'deliver', name: 'Stop → text in the client’s hands' },
];

type Instants = ReadonlyMap<string, number>;

/** From the gateway's own events, whose instants are whole milliseconds. */
export function readParts(database: string, seen: readonly Seen[]): readonly Parts[] {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const events = db.prepare('SELECT type, at FROM events WHERE request_id = ?');
    return seen.map((turn) => {
      const rows = events.all(turn.requestId).map(({ type, at }) => [String(type), Number(at)] as const);
      return toParts(turn, new Map(rows));
    });
  } finally {
    db.close();
  }
}

export function toParts({ sentAt, textAt }: Seen, events: Instants): Parts {
  const at = (type: string): number => events.get(`request.${type}`) ?? Number.NaN;
  return {
    accept: at('queued') - sentAt,
    queue: at('started') - at('queued'),
    paste: at('submitting') - at('started'),
    submit: at('working') - at('submitting'),
    agent: at('completed') - at('working'),
    deliver: textAt - at('completed'),
  };
}
