// Before a session: denies when its workspace has spent the budget of the day. After it: counts what it has cost.
// config: { file, usdPerDay, usdPerMillionIn, usdPerMillionOut }; the last two for agents that tell tokens and no cost
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
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
  if (usd < toNumber(config, 'usdPerDay')) return { metadata: { spentUsd: usd } };
  return { allow: false, reason: `The workspace ${project} has spent its budget of the day.` };
};

export const postSession: PostSession = ({ config, project, cost_usd, tokens_in, tokens_out, event_id }) => {
  const file = String(config['file']);
  // It may be told twice of one session.
  if (read(file).some(({ eventId }) => eventId === event_id)) return;
  const toUsd = (tokens: number | null, price: string): number =>
    tokens === null ? 0 : (tokens * toNumber(config, price)) / 1e6;
  const usd = cost_usd ?? toUsd(tokens_in, 'usdPerMillionIn') + toUsd(tokens_out, 'usdPerMillionOut');
  const spent: Spent = { day: today(), workspace: project, usd, eventId: event_id };
  appendFileSync(file, `${JSON.stringify(spent)}\n`);
};

function toNumber(config: Readonly<Record<string, unknown>>, name: string): number {
  const value = config[name];
  if (typeof value !== 'number') throw new Error(`config.${name} must be a number`);
  return value;
}

/** A line that cannot be read is thrown: with fail_closed nothing runs until somebody has looked at it. */
function read(file: string): readonly Spent[] {
  // Nothing was spent so far.
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Spent);
}
