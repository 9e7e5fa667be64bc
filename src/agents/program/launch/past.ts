import type { LaunchRecord } from './launch-record.ts';

/** What is known of the conversation that a session had. `known`: its transcript, if there is one; `unreadable`: the id of one
 *  of which the CLI found nothing in its file. */
export function toPast(
  record: LaunchRecord | null,
  agentSessionId: string | null,
  known: string | null,
  unreadable: string | null,
): Pick<LaunchRecord, 'said' | 'lost'> {
  const id = unreadable ?? agentSessionId;
  const isSame = record !== null && record.agentSessionId === id;
  // Nothing was said in one that was only started.
  const said = id !== null && (!isSame || record.said);
  if (known !== null) return { said, lost: isSame ? record.lost : null };
  const untold = isSame ? record.lost : null;
  const why = unreadable === null ? 'gone' : 'unreadable';
  return { said: false, lost: said && id !== null ? { agentSessionId: id, why } : untold };
}
