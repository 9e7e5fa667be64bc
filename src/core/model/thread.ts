import { isWorkspaceName } from './workspace.ts';

/** A place in which people and programs speak to one workspace: a topic of a chat, or what stands in for one. */
export interface ThreadRecord {
  /** What opened it, or brought it in: `telegram`, `discord`, `task`. */
  readonly transport: string;
  /** The chat or server channel that it lies in; '' where ids of threads are unique by themselves. */
  readonly chat: string;
  /** In decimal digits: it may be larger than a number is exact. */
  readonly threadId: string;
  readonly workspace: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export type ThreadPlace = Pick<ThreadRecord, 'transport' | 'chat' | 'threadId'>;

const DIGITS = /^(?:0|[1-9][0-9]*)$/;

/** As it is written in JSON: no sign, no fraction, no exponent, no zeros in front. */
export function isThreadId(text: string): boolean {
  return DIGITS.test(text);
}

/** The workspace that a new thread gets; null when the id is too long to be part of a name. */
export function toThreadWorkspace(transport: string, threadId: string): string | null {
  const workspace = `${transport}-${threadId}`;
  return isWorkspaceName(workspace) ? workspace : null;
}
