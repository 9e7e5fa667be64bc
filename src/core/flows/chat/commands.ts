import type { Who } from '../../model/audit/audit.ts';
import { CHAT_COMMANDS, type ChatPlace, type GivenCommand } from '../../model/chat.ts';
import { GatewayError } from '../../model/errors.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ApprovalsApi } from '../../ports/gateway/approvals.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { SessionsApi } from '../../ports/gateway/sessions.ts';
import type { FlowParts } from '../parts.ts';

export interface CommandDeps {
  readonly parts: Pick<FlowParts, 'store'>;
  readonly requests: Pick<RequestsApi, 'cancel' | 'unendedFor'>;
  readonly approvals: Pick<ApprovalsApi, 'list'>;
  readonly sessions: Pick<SessionsApi, 'list'>;
}

/** Who commands, and where. */
export interface Commander {
  readonly place: ChatPlace;
  readonly who: Who;
}

const LISTED_MAX = 20;

/** Resolves with what to say. */
export async function runCommand(
  deps: CommandDeps,
  { place, who }: Commander,
  thread: ThreadRecord,
  { name, words }: GivenCommand,
): Promise<string> {
  switch (name) {
    case 'help':
      return CHAT_COMMANDS.map((command) => `/${command.name}: ${command.description}`).join('\n');
    case 'status':
      return tellStatus(deps, place, thread);
    case 'cancel':
      return cancel(deps, place, who);
    case 'new':
      return rebind(deps, place, words);
    case 'sessions':
      return tellSessions(deps);
    case 'approvals':
      return tellApprovals(deps);
  }
}

async function tellStatus({ requests }: CommandDeps, { address }: ChatPlace, thread: ThreadRecord): Promise<string> {
  const head = `This thread speaks to the workspace ${thread.workspace}.`;
  const found = await requests.unendedFor(address, LISTED_MAX);
  if (found.length === 0) return `${head} Of what it asked for, nothing runs or waits.`;
  return [head, ...found.map((request) => toLine(request, thread))].join('\n');
}

function toLine(request: RequestRecord, thread: ThreadRecord): string {
  const { id, state, phase, workspace } = request;
  const where = workspace === thread.workspace ? '' : ` in ${workspace}`;
  return `${id}${where}: ${state}${phase === null ? '' : `, ${phase}`}: ${quote(request)}`;
}

/** Of what this thread asked for, wherever it runs: what runs, else what waits; the newest of them. */
async function cancel({ requests }: CommandDeps, { address }: ChatPlace, who: Who): Promise<string> {
  const found = await requests.unendedFor(address, LISTED_MAX);
  const target = found.find(({ state }) => state === 'running') ?? found[0];
  if (target === undefined) return 'Nothing that this thread asked for runs or waits.';
  await requests.cancel(target.id, who);
  return `${target.state === 'running' ? 'Cancelling what runs' : 'Cancelled what waited'}: ${quote(target)}`;
}

const QUOTED_MAX = 80;

function quote({ prompt }: RequestRecord): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim();
  const start = [...line].slice(0, QUOTED_MAX).join('');
  return `“${start}${start === line ? '' : '…'}”`;
}

async function rebind(
  { parts: { store } }: CommandDeps,
  place: ChatPlace,
  [workspace]: readonly string[],
): Promise<string> {
  if (workspace === undefined) return 'Say which workspace: /new <workspace>';
  try {
    checkWorkspaceName(workspace);
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
  await store.rebindThread(place, workspace);
  return `This thread speaks to the workspace ${workspace} from now on.`;
}

async function tellSessions({ sessions }: CommandDeps): Promise<string> {
  const all = await sessions.list();
  if (all.length === 0) return 'There are no sessions.';
  const lines = all.slice(0, LISTED_MAX).map(({ workspace, status }) => `${workspace}: ${status}`);
  return [...lines, ...(all.length > LISTED_MAX ? [`… and ${all.length - LISTED_MAX} more`] : [])].join('\n');
}

async function tellApprovals({ approvals }: CommandDeps): Promise<string> {
  const { approvals: open, total } = await approvals.list({ state: 'open' }, LISTED_MAX);
  if (total === 0) return 'Nothing waits for a decision.';
  return open.map(({ workspace, kind, tool }) => `${workspace}: ${kind}, ${tool}`).join('\n');
}
