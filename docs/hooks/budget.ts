// Before a session: denies when its workspace has spent the budget of the day. After it: counts what it has cost.
// config: { file, usdPerDay, usdPerMillionIn, usdPerMillionOut }; the last two for agents that tell tokens and no cost
import { appendFileSync, readFileSync } from 'node:fs';
import type { PostSession, PreSession } from 'gatehouse/hooks';

interface Spent {
  readonly day: string;
  readonly workspace: string | null;
  readonly usd: number;
  readonly eventId: string;
}

const today = (): string => new Date().toISOString().slice(0, 10);

export const preSession: PreSession = ({ config, project }) => {
  const own = read(String(config['file'])).filter(({ day, workspace }) => day === today() && workspace === project);
  const usd = own.reduce((sum, spent) => sum + spent.usd, 0);
  if (usd < Number(config['usdPerDay'])) return { metadata: { spentUsd: usd } };
  return { allow: false, reason: `The workspace ${project} has spent its budget of the day.` };
};

export const postSession: PostSession = ({ config, project, cost_usd, tokens_in, tokens_out, event_id }) => {
  const file = String(config['file']);
  // It may be told twice of one session.
  if (read(file).some(({ eventId }) => eventId === event_id)) return;
  const tokens =
    (tokens_in ?? 0) * Number(config['usdPerMillionIn']) + (tokens_out ?? 0) * Number(config['usdPerMillionOut']);
  const usd = cost_usd ?? tokens / 1e6;
  const spent: Spent = { day: today(), workspace: project, usd, eventId: event_id };
  appendFileSync(file, `${JSON.stringify(spent)}\n`);
};

function read(file: string): readonly Spent[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Spent);
  } catch {
    // Nothing was spent so far.
    return [];
  }
}
