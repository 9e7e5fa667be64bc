import { type Command, Option } from 'commander';
import { AGENTS } from '../../core/model/agent.ts';
import { PLAN_MODES } from '../../core/model/approval.ts';
import { DELIVERY_STATES } from '../../core/model/delivery.ts';
import { SCOPES } from '../../core/model/keys/key.ts';
import { CALLER_PRIORITIES, REQUEST_STATES, SOURCES } from '../../core/model/request.ts';
import { USAGE_GROUPS } from '../../core/ports/usage/usage-store.ts';
import {
  approve,
  approvals,
  deny,
  type ApproveOptions,
  type ApprovalsOptions,
  type DenyOptions,
} from '../remote/approvals.ts';
import { audit, type AuditOptions, verify, type VerifyOptions } from '../remote/audit/audit.ts';
import { attach, type AttachOptions } from '../remote/attach/attach.ts';
import type { Remote } from '../remote/connection.ts';
import { deliveries, type DeliveriesOptions } from '../remote/deliveries.ts';
import { createKey, type CreateKeyOptions, listKeys, revokeKey, rotateKey } from '../remote/keys.ts';
import { logs, type LogsOptions } from '../remote/logs.ts';
import { cancel, requests, type RequestsOptions } from '../remote/requests.ts';
import { run, type RunOptions } from '../remote/run.ts';
import { screen, sessions } from '../remote/sessions.ts';
import { type Shown, status } from '../remote/status.ts';
import { usage, type UsageOptions } from '../remote/usage.ts';
import type { Adding } from './adding.ts';
import { collect, parseCount, parseDollars, parseInstant, parseKnown, parseUrl } from './values.ts';

const LIMIT = 20;

/** Of a running gateway, here or elsewhere: clients of its API. */
export function addRemoteCommands(adding: Adding): void {
  adding.program.commandsGroup('A running gateway:');
  addWork(adding);
  addReading(adding);
  addSessions(adding);
  addApprovals(adding);
  addKeys(adding);
  addAudit(adding);
}

function addWork({ program, terminal, ended }: Adding): void {
  remote(program.command('run'))
    .description('send a prompt, and print the answer: as it comes on a terminal, at its end on a pipe')
    .argument('[prompt...]', 'what to do; from stdin when it is - or missing')
    .addOption(new Option('-w, --workspace <name>', 'where').env('GATEHOUSE_WORKSPACE').makeOptionMandatory())
    .addOption(new Option('--agent <agent>', 'of a new session').choices(AGENTS))
    .addOption(new Option('--priority <class>', 'before or behind others').choices(CALLER_PRIORITIES).default('high'))
    .option('--timeout <seconds>', 'longest time of the turn', parseCount)
    .option('--reply-to <address>', 'who is told of the end, as webhook:https://example.org/hook')
    .option('--idempotency-key <key>', 'the same key brings the same request again')
    .option('-d, --detach', 'print the id of the request, and do not wait')
    .option('--wait', 'print the answer when it is there, also on a terminal')
    .option('--stream', 'print it as it comes, also on a pipe')
    .option('--json', 'print the status document of the end')
    .action(async (words: string[], options: RunOptions) => ended(await run(words, options, terminal)));
  remote(program.command('cancel'))
    .description('cancel a request')
    .argument('<requestId>')
    .action(async (id: string, options: Remote) => ended(await cancel(id, options, terminal)));
}

function addReading({ program, terminal, ended }: Adding): void {
  shown(program.command('status'))
    .description('print what became of a request, or how the gateway is')
    .argument('[requestId]')
    .action(async (id: string | undefined, options: Shown) => ended(await status(id, options, terminal)));
  shown(program.command('requests'))
    .description('list requests, newest first')
    .option('-w, --workspace <name>', 'only of this workspace')
    .addOption(new Option('--state <state>', 'only these').choices(REQUEST_STATES))
    .addOption(new Option('--source <source>', 'only those that came in there').choices(SOURCES))
    .option('-n, --limit <count>', 'at most so many', parseCount, LIMIT)
    .action(async (options: RequestsOptions) => ended(await requests(options, terminal)));
  shown(program.command('logs'))
    .description('print the events of a request, or with -f all that happens')
    .argument('[requestId]')
    .option('-f, --follow', 'print what happens from now on, until Ctrl-C')
    .option('-w, --workspace <name>', 'only of this workspace')
    .option('--after <seq>', 'begin behind this event; 0: with the first that is kept', parseCount)
    .action(async (id: string | undefined, options: LogsOptions) => ended(await logs(id, options, terminal)));
  shown(program.command('deliveries'))
    .description('list what is owed to addresses, and what became of it')
    .addOption(new Option('--state <state>', 'only these').choices(DELIVERY_STATES))
    .option('-n, --limit <count>', 'at most so many', parseCount, LIMIT)
    .option('--retry <deliveryId>', 'owe this one again instead')
    .action(async (options: DeliveriesOptions) => ended(await deliveries(options, terminal)));
  shown(program.command('usage'))
    .description('print tokens and money of the last 30 days')
    .addOption(new Option('--by <group>', 'what is summed up').choices(USAGE_GROUPS).default('day'))
    .option('--from <day>', 'from then on, as 2026-01-31', parseInstant)
    .option('--to <day>', 'to before then', parseInstant)
    .action(async (options: UsageOptions) => ended(await usage(options, terminal)));
}

function addSessions({ program, terminal, ended }: Adding): void {
  shown(program.command('sessions'))
    .description('list sessions')
    .action(async (options: Shown) => ended(await sessions(options, terminal)));
  remote(program.command('screen'))
    .description('print what stands on the screen of a session')
    .argument('<workspace>')
    .action(async (workspace: string, options: Remote) => ended(await screen(workspace, options, terminal)));
  remote(program.command('attach'))
    .description('sit at the terminal of a session; Ctrl-] leaves')
    .argument('<workspace>')
    .option('--read-only', 'only watch')
    .action(async (workspace: string, options: AttachOptions) => ended(await attach(workspace, options, terminal)));
}

function addApprovals({ program, terminal, ended }: Adding): void {
  shown(program.command('approvals'))
    .description('list what agents ask')
    .option('-w, --workspace <name>', 'only of this workspace')
    .option('--all', 'also what was decided')
    .action(async (options: ApprovalsOptions) => ended(await approvals(options, terminal)));
  remote(program.command('approve'))
    .description('allow what an agent asks')
    .argument('<approvalId>')
    .option('--remember', 'and the like of it in this session')
    .option('--answer <question=answer>', 'to a question or a field; again for the next one', collect, [])
    .addOption(new Option('--mode <mode>', 'how the agent goes on with its plan').choices(PLAN_MODES))
    .action(async (id: string, options: ApproveOptions) => ended(await approve(id, options, terminal)));
  remote(program.command('deny'))
    .description('deny what an agent asks')
    .argument('<approvalId>')
    .option('-m, --message <words>', 'for the agent')
    .action(async (id: string, options: DenyOptions) => ended(await deny(id, options, terminal)));
}

function addKeys({ program, terminal, ended }: Adding): void {
  const keys = program.command('keys').description('make, list and end the keys of callers');
  remote(keys.command('create'))
    .description('make a key for a caller, and print it: it is shown once')
    .argument('<name>')
    .addOption(new Option('--scope <scope...>', 'what it may').choices(SCOPES).makeOptionMandatory())
    .option('--workspace <name>', 'only there: a name, or a begin as web-*; again for the next one', collect, [])
    .option('--expires <day>', 'ends it, as 2027-01-31', parseInstant)
    .option('--rate <count>', 'calls over HTTP in RATE_LIMIT_WINDOW_MS', parseCount)
    .option('--active <count>', 'requests that may wait or run at once', parseCount)
    .option('--turns <count>', 'requests that are accepted in a day', parseCount)
    .option('--cost <dollars>', 'that its turns of a day may cost', parseDollars)
    .action(async (name: string, options: CreateKeyOptions) => ended(await createKey(name, options, terminal)));
  shown(keys.command('list'))
    .description('list keys, without their secrets')
    .action(async (options: Shown) => ended(await listKeys(options, terminal)));
  remote(keys.command('rotate'))
    .description('make a new secret for a key, and print it; the old one ends')
    .argument('<keyId>')
    .action(async (id: string, options: Remote) => ended(await rotateKey(id, options, terminal)));
  remote(keys.command('revoke'))
    .description('end a key, and what it has open')
    .argument('<keyId>')
    .action(async (id: string, options: Remote) => ended(await revokeKey(id, options, terminal)));
}

function addAudit({ program, terminal, ended }: Adding): void {
  const log = shown(program.command('audit'))
    .description('list who did what; with --json a line of JSON for each')
    .option('--after <line>', 'behind a line', parseCount)
    .action(async (options: AuditOptions) => ended(await audit(options, terminal)));
  remote(log.command('verify'))
    .description('prove that no line is missing, and none was changed')
    .option('--known <line:hash>', 'that it has a line which you noted before', parseKnown)
    .action(async (options: VerifyOptions) => ended(await verify(options, terminal)));
}

function remote(command: Command): Command {
  return command.option('--url <address>', 'a gateway elsewhere', parseUrl);
}

function shown(command: Command): Command {
  return remote(command).option('--json', 'print the document of the API');
}
