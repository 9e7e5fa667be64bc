import { setTimeout as delay } from 'node:timers/promises';
import type { EndedPast, SessionSpec, TurnPast, TurnTrace } from '../../../core/ports/agent.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { TraceNeeds } from '../../program/driver/program-driver.ts';
import { toComposerText } from '../screen/composer.ts';
import type { ClaudeSession } from '../session/session.ts';
import type { Usage } from '../../../core/model/usage/usage.ts';
import { followSubagents } from '../transcript/charges.ts';
import { readTurnWithSpent, type TranscriptFinding } from '../transcript/transcript.ts';
import { readNoted, toUsage, type ReadSpent } from '../turn/usage.ts';
import { findTranscript } from '../../program/files/find-transcript.ts';
import { toEnd } from '../watch/turn-ends.ts';
import type { ClaudeOptions } from './options.ts';

export interface TraceParts extends Pick<ClaudeOptions, 'files' | 'home' | 'prices'>, TraceNeeds<ClaudeSession> {}

/** The transcript of a fresh prompt lags behind the model by up to 0.2 s. */
const TRANSCRIPT_LAG_MS = 1_000;
const TRANSCRIPT_LOOK_MS = 100;

/** Looks for a turn of an earlier process in the live agent and in its transcript. */
export async function trace(
  { files, home, prices, adopt, end }: TraceParts,
  spec: SessionSpec,
  past: TurnPast,
): Promise<TurnTrace> {
  const session = await adopt(spec);
  // It writes down what it has to before it goes.
  if (session === null) await end(spec.workspace);
  const agentSessionId = session?.agentSessionId ?? spec.agentSessionId;
  const file = agentSessionId === null ? null : await findTranscript(files, home, agentSessionId);
  const { found, spent } = await findTurn(files, file, past, session !== null);
  if (session !== null) {
    if (past.reported || found.kind !== 'absent') return { kind: 'alive', session };
    if (!past.entered) {
      await session.takeBack(past.prompt);
      return { kind: 'unsubmitted', session };
    }
    if (await session.holds(past.prompt)) return { kind: 'alive', session };
    // Whether it has the prompt, nobody can tell: it is resumed without it.
    await session.close();
  }
  const subagents = followSubagents(files);
  return toTrace(found, file === null ? null : await toUsage({ prices, subagents }, file, spent));
}

/** Of a turn whose end an earlier process has stored. */
export async function readPastUsage(
  { files, home, prices }: Pick<TraceParts, 'files' | 'home' | 'prices'>,
  { agentSessionId }: SessionSpec,
  { prompt, transcriptOffset: offset, kind }: EndedPast,
): Promise<Usage | null> {
  const file = agentSessionId === null ? null : await findTranscript(files, home, agentSessionId);
  if (file === null || offset === null) return null;
  const { expected } = toComposerText(prompt);
  const subagents = followSubagents(files);
  const read: ReadSpent = async () => {
    const { found, spent } = await readTurnWithSpent(files, { file, offset }, expected);
    return { found: found.kind, usage: () => toUsage({ prices, subagents }, file, spent) };
  };
  return readNoted({ read, isGone: () => false }, kind);
}

/** Of an agent that is gone. */
function toTrace(found: TranscriptFinding, usage: Usage | null): TurnTrace {
  const end = toEnd(found, null, 'unknown');
  if (end !== null) return { kind: 'ended', end: end.kind === 'unsubmitted' ? end : { ...end, usage } };
  return found.kind === 'begun' ? { kind: 'cut_off', text: found.text, usage } : { kind: 'no_proof' };
}

/** Looks again for a moment while the prompt is not there, when it may have been submitted just now. */
async function findTurn(
  files: AgentFiles,
  file: string | null,
  { prompt, transcriptOffset, entered }: TurnPast,
  isLive: boolean,
): Promise<Awaited<ReturnType<typeof readTurnWithSpent>>> {
  if (file === null || transcriptOffset === null) return { found: { kind: 'absent' }, spent: null };
  const { expected } = toComposerText(prompt);
  const lastLook = performance.now() + (entered && isLive ? TRANSCRIPT_LAG_MS : 0);
  for (;;) {
    const turn = await readTurnWithSpent(files, { file, offset: transcriptOffset }, expected);
    if (turn.found.kind !== 'absent' || performance.now() >= lastLook) return turn;
    await delay(TRANSCRIPT_LOOK_MS);
  }
}
