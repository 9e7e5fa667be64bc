import type { LaunchRecord, LaunchRecords } from '../../program/launch/launch-record.ts';

/** What a later process needs to take over an agent of this driver. Its token is that of its agent hooks. */
export interface ClaudeLaunch extends LaunchRecord {
  /** Where they go. */
  readonly hookPort: number;
  /** Null until the agent has named it. */
  readonly transcript: string | null;
  /** The lists of allowed things in other settings, beside which the gateway's own entries stand. Null: an earlier gateway
   *  did not write them. */
  readonly lists: readonly string[] | null;
}

export type ClaudeLaunches = LaunchRecords<ClaudeLaunch>;
