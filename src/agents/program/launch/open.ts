import { GatewayError } from '../../../core/model/errors.ts';
import { AgentStartError, type AgentReadiness, type SessionSpec } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';

export interface OpenParts<S> {
  /** Ends the agent that is known, if there is one. */
  readonly close: (workspace: string) => Promise<void>;
  readonly check: () => Promise<AgentReadiness>;
  /** `unreadable`: the conversation that it had, and of which the CLI finds nothing in its file. */
  readonly launch: (spec: SessionSpec, isLastTry: boolean, unreadable: string | null) => Promise<S>;
  /** Whether another try can help. */
  readonly mayPass: (error: AgentStartError) => boolean;
  readonly log: Log;
}

/** A first-run dialog may stand although they are answered beforehand, when another agent's own write to the same
 *  file undid that. */
const START_TRIES = 3;

/** Launches an agent in the place of the one that is known, again where another try can help. */
export async function open<S>({ close, check, launch, mayPass, log }: OpenParts<S>, spec: SessionSpec): Promise<S> {
  await close(spec.workspace);
  const ready = await check();
  if (!ready.installed || !ready.credentials) {
    throw new GatewayError('agent_unavailable', ready.hint ?? 'The agent cannot be started.', { retry: 'later' });
  }
  let known = spec;
  let unreadable: string | null = null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(known, attempt === START_TRIES, unreadable);
    } catch (thrown) {
      const error = asUnreadable(thrown, known);
      if (!(error instanceof AgentStartError) || attempt === START_TRIES) throw error;
      if (isLost(error) && known.agentSessionId !== null) {
        unreadable = known.agentSessionId;
        known = { ...spec, agentSessionId: null };
      } else if (!mayPass(error)) throw error;
      log.warn({ workspace: spec.workspace, attempt, error: error.message }, 'agent.started_again');
    }
  }
}

/** Its file is there, and the CLI cannot read it: it is no reason to begin without what was said. */
function asUnreadable(error: unknown, { workspace, agentSessionId }: SessionSpec): unknown {
  if (!(error instanceof AgentStartError) || !error.message.includes('Failed to resume session')) return error;
  return new AgentStartError(
    'agent_unavailable',
    `The agent cannot read the conversation of this session, ${agentSessionId ?? ''}.jsonl in its home: mend that file, or begin a new conversation with DELETE /session/${workspace}.`,
  );
}

/** The conversation was ended before its first words were on disk: there is nothing to resume. */
function isLost(error: AgentStartError): boolean {
  return error.message.includes('No conversation found with session ID');
}
