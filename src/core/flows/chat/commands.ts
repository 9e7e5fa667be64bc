import type { ChatPlace } from '../../model/chat.ts';
import { GatewayError } from '../../model/errors.ts';
import type { ThreadRecord } from '../../model/thread.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import { CHAT_COMMANDS, type ChatCommand } from '../../ports/gateway/chats.ts';
import type { ApprovalsApi } from '../../ports/gateway/approvals.ts';
import type { RequestsApi } from '../../ports/gateway/requests.ts';
import type { SessionsApi } from '../../ports/gateway/sessions.ts';
import type { FlowParts } from '../parts.ts';

export interface CommandDeps {
  readonly parts: Pick<FlowParts, 'store'>;
  readonly requests: Pick<RequestsApi, 'cancel' | 'list'>;
  readonly approvals: Pick<ApprovalsApi, 'list'>;
  readonly sessions: Pick<SessionsApi, 'list'>;
}

export interface GivenCommand {
  readonly name: ChatCommand;
  readonly words: readonly string[];
}

const LISTED_MAX = 20;

/** `/name words`; a network may put `@bot` behind the name. Null for what is none of ours: it is a prompt. */
export function parseCommand(text: string): GivenCommand | null {
  const [first = '', ...words] = text.trim().split(/\s+/);
  const [, given] = /^\/([a-z]+)(?:@\w+)?$/i.exec(first) ?? [];
  const known = CHAT_COMMANDS.find(({ name }) => name === given?.toLowerCase());
  return known === undefined ? null : { name: known.name, words };
}

/** Resolves with what to say. */
export async function runCommand(
  deps: CommandDeps,
  place: ChatPlace,
  thread: ThreadRecord,
  { name, words }: GivenCommand,
): Promise<string> {
  switch (name) {
    case 'help':
      return CHAT_COMMANDS.map((command) => `/${command.name}: ${command.description}`).join('\n');
    case 'status':
      return tellStatus(deps, thread);
    case 'cancel':
      return cancel(deps, thread);
    case 'new':
      return rebind(deps, place, words);
    case 'sessions':
      return tellSessions(deps);
    case 'approvals':
      return tellApprovals(deps);
  }
}

async function unended({ requests }: CommandDeps, { workspace }: ThreadRecord) {
  const states = ['running', 'queued'] as const;
  const lists = await Promise.all(states.map((state) => requests.list({ workspace, state }, null, LISTED_MAX)));
  return lists.flatMap((list) => list.toReversed());
}

async function tellStatus(deps: CommandDeps, thread: ThreadRecord): Promise<string> {
  const found = await unended(deps, thread);
  const lines = found.map(({ id, state, phase }) => `${id}: ${state}${phase === null ? '' : `, ${phase}`}`);
  return [`Workspace ${thread.workspace}: ${found.length === 0 ? 'nothing runs or waits' : ''}`.trim(), ...lines].join(
    '\n',
  );
}

/** What runs, else the latest that waits. */
async function cancel(deps: CommandDeps, thread: ThreadRecord): Promise<string> {
  const found = await unended(deps, thread);
  const target = found.find(({ state }) => state === 'running') ?? found.at(-1);
  if (target === undefined) return 'Nothing runs or waits here.';
  await deps.requests.cancel(target.id);
  return target.state === 'running' ? 'Cancelling what runs.' : 'Cancelled what waited.';
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
