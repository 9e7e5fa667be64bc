import type { Phase, Priority } from '../../model/request.ts';

/** What waits and what runs, in numbers. Instants are epoch milliseconds. */
export interface Backlog {
  readonly queued: readonly { readonly priority: Priority; readonly count: number; readonly oldestAt: number }[];
  readonly running: readonly { readonly phase: Phase; readonly count: number }[];
  /** Deliveries that are owed: by what their addresses begin with. */
  readonly owed: readonly { readonly transport: string; readonly count: number; readonly oldestAt: number }[];
}

export interface BacklogStore {
  /** Costs as much as waits and runs, however much is stored. */
  readBacklog(): Promise<Backlog>;
  /** Bytes that the database takes on disk, by what its parts are called. */
  readSizes(): Promise<Readonly<Record<string, number>>>;
}
