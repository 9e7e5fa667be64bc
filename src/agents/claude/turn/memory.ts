import type { LostConversation } from '../../program/launch/launch-record.ts';

/** What the agent knows of what was said in its session before. */
export interface Memory {
  /** The conversation before this one, which is lost; null when none is, or a request was told of it. */
  readonly lost: LostConversation | null;
  /** Something was said in this one. */
  prompted(): Promise<void>;
  /** A request was told of the loss. */
  told(): Promise<void>;
}
