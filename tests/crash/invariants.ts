import { isSamePrompt } from '../../src/agents/claude/screen/arrived-prompt.ts';
import { toComposerText } from '../../src/agents/claude/screen/composer.ts';
import { normalisePrompt } from '../../src/core/model/prompt.ts';
import { ENDED_WITHIN_MS, type Accepted, type CrashReport } from './crash-run.ts';
import type { Found } from './found.ts';
import type { Kind } from './points.ts';
import { answerTo, markOf } from './scenario.ts';

/** What this crash broke, in sentences; empty when nothing. */
export function findBroken(report: CrashReport): readonly string[] {
  return [
    ...report.accepted.flatMap((accepted) => checkEnd(accepted, report)),
    ...checkJournal(report),
    ...report.accepted.flatMap((accepted) => checkTools(accepted, report)),
    ...report.accepted.flatMap((accepted) => checkUsage(accepted, report)),
    ...checkOrder(report),
    ...checkNothingElse(report),
  ];
}

function checkEnd({ request, id, status }: Accepted, report: CrashReport): string[] {
  const { mark } = request;
  const found = report.found.find((row) => row.id === id) ?? null;
  const end = toWord(status);
  const broken: string[] = [];
  if (status.completedAt === null) return [`${mark}: has not ended within ${ENDED_WITHIN_MS} ms: ${end}`];
  const allowed = allowedEnds(found, report.scenario.plan.kind);
  const hasStopped = report.journal.some((entry) => entry.event === 'stop' && markOf(entry.prompt) === mark);
  if (request.cancel !== 'never') allowed.add('cancelled');
  // An answer that was there first stands.
  if (found?.cancelAsked === true && hasStopped) allowed.add('completed');
  if (!allowed.has(end)) broken.push(`${mark}: ${end}, and only ${[...allowed].join(', ')} may be`);
  if (end === 'completed' && status.output.text !== answerTo(mark))
    broken.push(`${mark}: has the answer ${JSON.stringify(status.output.text)}`);
  return broken;
}

/** DESIGN.md's restart table. `found` is null for what came after the restart. */
function allowedEnds(found: Found | null, kind: Kind): Set<string> {
  if (found === null) return new Set(['completed']);
  if (found.state !== 'queued' && found.state !== 'running') return new Set([toWord(found)]);
  if (found.cancelAsked) return new Set(['cancelled']);
  const isReported = found.phase === 'working' || found.phase === 'waiting_approval';
  const isSubmitted = found.phase === 'submitting' || isReported;
  if (!isSubmitted || kind === 'gateway') return new Set(['completed']);
  switch (found.told) {
    case 'ended':
      return new Set(['completed']);
    case 'begun':
      return new Set(['failed host_restarted']);
    case 'nothing':
      return new Set([isReported ? 'failed host_restarted' : 'failed submission_unknown']);
  }
}

export function toWord({ state, reason }: { readonly state: string; readonly reason: string | null }): string {
  return reason === null ? state : `${state} ${reason}`;
}

/** Every prompt at most once, exactly as it was sent; one that completed was asked, and no more were than accepted. */
function checkJournal({ accepted, prompts }: CrashReport): string[] {
  const broken = accepted.flatMap(({ request: { mark, command }, status }) => {
    const own = prompts.filter((prompt) => markOf(prompt) === mark);
    const { expected } = toComposerText(normalisePrompt(command, 'command').text);
    if (own.length > 1) return [`${mark}: reached the agent ${own.length} times`];
    if (own.length === 0) return status.state === 'completed' ? [`${mark}: completed and never asked`] : [];
    return isSamePrompt(own[0] ?? '', expected) ? [] : [`${mark}: arrived as ${JSON.stringify(own[0])}`];
  });
  const known = new Set(accepted.map(({ request }) => request.mark));
  const foreign = prompts.filter((prompt) => !known.has(markOf(prompt) ?? ''));
  return [...broken, ...foreign.map((prompt) => `an unknown prompt reached the agent: ${JSON.stringify(prompt)}`)];
}

/** The tool ran exactly when it was allowed, and at most once; nothing is left open. */
function checkTools({ request: { mark }, status }: Accepted, { journal, scenario: { plan } }: CrashReport): string[] {
  const runs = journal.filter((entry) => entry.event === 'tool' && markOf(entry.prompt) === mark).length;
  const { approvals } = status;
  const isAllowed = approvals.some(({ state }) => state === 'allowed');
  const broken: string[] = [];
  if (runs > 1) broken.push(`${mark}: its tool ran ${runs} times`);
  if (runs > 0 && !isAllowed) broken.push(`${mark}: its tool ran, and the approvals say ${JSON.stringify(approvals)}`);
  if (runs === 0 && isAllowed && plan.kind === 'gateway' && status.state === 'completed')
    broken.push(`${mark}: its tool was allowed and never ran`);
  if (approvals.length > 1) broken.push(`${mark}: was asked ${approvals.length} times`);
  if (approvals.some(({ state }) => state === 'open')) broken.push(`${mark}: an approval is left open`);
  return broken;
}

/** What each turn took is known or known to be unknown, and is in the ledger once, a line for each model. An agent that
 *  lives writes it down. */
function checkUsage({ request: { mark }, id, status }: Accepted, report: CrashReport): string[] {
  const { usage, usagePending, state } = status;
  const lines = report.spent.filter((spent) => spent === id).length;
  const broken: string[] = [];
  if (usagePending) broken.push(`${mark}: what it took is still to come`);
  if (lines !== (usage?.models.length ?? 0))
    broken.push(`${mark}: ${lines} lines in the ledger for ${JSON.stringify(usage)}`);
  if (usage === null && state === 'completed' && report.scenario.plan.kind === 'gateway')
    broken.push(`${mark}: completed, and nobody knows what it took`);
  return broken;
}

/** The agent got the prompts of a session in the order in which they were accepted. */
function checkOrder({ left, prompts }: CrashReport): string[] {
  const place = new Map(left.map(({ prompt }, index) => [markOf(prompt), index]));
  const workspaces = new Set(left.map(({ workspace }) => workspace));
  return [...workspaces].flatMap((workspace) => {
    const own = prompts.map(markOf).filter((mark) => mark?.startsWith(`${workspace}-`) === true);
    const sorted = own.toSorted((a, b) => (place.get(a) ?? -1) - (place.get(b) ?? -1));
    return own.join() === sorted.join() ? [] : [`${workspace}: ran in the order ${own.join()}`];
  });
}

/** Nothing is on disk that nobody asked for, and nothing twice. */
function checkNothingElse({ left, accepted }: CrashReport): string[] {
  const known = accepted.map(({ id }) => id).toSorted();
  const ids = left.map(({ id }) => id).toSorted();
  return ids.join() === known.join() ? [] : [`on disk are ${ids.join()}, accepted were ${known.join()}`];
}
