import type { LaunchRecord, LostConversation } from './launch-record.ts';

/** What the agent knows of what was said in its session before. */
export interface Memory {
  /** The conversation before this one, which is lost; null when none is, or a request was told of it. */
  readonly lost: LostConversation | null;
  /** Something was said in this one. */
  prompted(): Promise<void>;
  /** A request was told of the loss. */
  told(): Promise<void>;
}

export interface KeptRecord<R extends LaunchRecord> {
  readonly memory: Memory;
  /** Another conversation begins in the same program. */
  moved(change: Partial<R>): Promise<void>;
}

/** The record of a launch follows what is said in its conversation. */
export function keepRecord<R extends LaunchRecord>(launched: R, write: (record: R) => Promise<void>): KeptRecord<R> {
  let record = launched;
  const keep = (change: Partial<LaunchRecord>): Promise<void> => write((record = { ...record, ...change }));
  const memory: Memory = {
    get lost() {
      return record.lost;
    },
    async prompted() {
      if (!record.said) await keep({ said: true });
    },
    told: () => keep({ lost: null }),
  };
  return { memory, moved: (change) => keep({ ...change, said: false }) };
}
