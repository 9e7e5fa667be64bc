import type { Step } from './step.ts';

/** Where steps are run. */
export interface Database {
  /** Carries a step out as if it were alone. Resolves once it is durable; one that throws is undone and rejects alone. */
  write<T>(step: () => Step<T>): Promise<T>;
  /** For steps that write nothing: all that one reads is of one moment, and it never sees half a write. */
  read<T>(step: () => Step<T>): Promise<T>;
  /** For those of them that ask once, which takes no transaction. */
  look<T>(step: () => Step<T>): Promise<T>;
  /** Calls the listener after every write that may have appended events; the returned function ends it. */
  onAppended(listener: () => void): () => void;
  /** Bytes on disk, by what its parts are called. */
  readSizes(): Promise<Readonly<Record<string, number>>>;
  /** What the rows take on disk. */
  usedBytes(): Promise<number>;
  /** Refuses new writes, waits for those under way, and lets go. */
  close(): Promise<void>;
}
