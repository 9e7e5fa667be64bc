import type { Schemas } from '../../client/client.ts';
import { printTable } from '../shown/table.ts';
import { toInstant, toSummary } from '../shown/words.ts';
import type { Terminal } from '../terminal.ts';
import { connect, type Remote } from './connection.ts';
import type { Shown } from './status.ts';

export interface ApprovalsOptions extends Shown {
  readonly all?: true;
  readonly workspace?: string;
}

/** Those that wait; with `all` what became of the others, too. */
export async function approvals(options: ApprovalsOptions, terminal: Terminal): Promise<number> {
  const { ask, client } = await connect(options, terminal);
  const query = {
    ...(options.all === undefined && { state: 'open' as const }),
    ...(options.workspace !== undefined && { workspace: options.workspace }),
  };
  const list = await ask(client.GET('/approvals', { params: { query } }));
  if (options.json) terminal.print(JSON.stringify(list));
  else {
    const rows = list.approvals.map((one) => [
      ...[one.id, one.state, one.workspace, one.kind, toInstant(one.expiresAt), toSummary(one.tool, one.input)],
    ]);
    printTable(['APPROVAL', 'STATE', 'WORKSPACE', 'KIND', 'EXPIRES', 'ASKS'], rows, terminal, ['KIND', 'STATE']);
  }
  return 0;
}

export interface ApproveOptions extends Remote {
  readonly remember?: true;
  /** `question=answer`, each. */
  readonly answer: readonly string[];
  readonly mode?: NonNullable<Schemas['DecideApprovalBody']['mode']>;
}

export function approve(id: string, options: ApproveOptions, terminal: Terminal): Promise<number> {
  const answers = Object.fromEntries(options.answer.map(toAnswer));
  return decide(
    id,
    {
      decision: 'allow',
      ...(options.remember && { remember: true }),
      ...(options.answer.length > 0 && { answers }),
      ...(options.mode !== undefined && { mode: options.mode }),
    },
    options,
    terminal,
  );
}

/** The last `=` parts them: a question may have some. */
function toAnswer(said: string): readonly [string, string] {
  const at = said.lastIndexOf('=');
  if (at < 1) throw new Error(`${said}: an answer is given as "question=answer"`);
  return [said.slice(0, at), said.slice(at + 1)];
}

export interface DenyOptions extends Remote {
  readonly message?: string;
}

export function deny(id: string, options: DenyOptions, terminal: Terminal): Promise<number> {
  const { message } = options;
  return decide(id, { decision: 'deny', ...(message !== undefined && { message }) }, options, terminal);
}

async function decide(
  id: string,
  body: Schemas['DecideApprovalBody'],
  remote: Remote,
  terminal: Terminal,
): Promise<number> {
  const { ask, client } = await connect(remote, terminal);
  const { state } = await ask(client.POST('/approvals/{id}', { params: { path: { id } }, body }));
  terminal.print(state === 'open' ? 'noted, and given to the agent as soon as it takes it' : state);
  return 0;
}
