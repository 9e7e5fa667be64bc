export const FAMILIES = ['accepts', 'turns', 'quick', 'stored', 'deliveries', 'hooks', 'crowd', 'idle'] as const;
const NAMED_ONLY = ['huge'] as const;
export type Family = (typeof FAMILIES)[number] | (typeof NAMED_ONLY)[number];

export type Wish =
  | { readonly kind: 'run'; readonly families: readonly Family[]; readonly json: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'misuse'; readonly problem: string };

export const USAGE = `npm run bench [-- [families] [--json FILE]]

Measures the built gateway beside its rivals and limits, and prints a table. Some five minutes for all of:

  accepts     durable POST /execute with 100 clients, in sessions of their own and in one, on SQLite and on Postgres,
              beside the disk's bare fsync rate and Fastify without storing
  turns       a warm turn through the API and its parts, beside claude -p and the same CLI driven by hand in tmux
  quick       a follow-up message of a quick task, to the result at its WebSocket, beside a cold claude -p
  stored      GET /status, GET /sessions and the claim, with 1,000, 100,000 and 1,000,000 requests stored,
              and with 100,000 in Postgres
  huge        the claim with 10,000,000 stored; only when it is named, for its time
  deliveries  the next one with 1,000 and 1,000,000 delivered, 5,000 due at once, what replyTo costs, end to webhook
  hooks       what three trivial hooks, and none, add to a turn, beside their own run time
  crowd       a hundred who ask for /health, /sessions and /status at once, while agents live
  idle        time to listening, memory at rest, size of the image

  --json FILE   writes the figures and the machine's name to FILE, too
  --help        says this

Everything lives in a folder below TMPDIR: its disk is the one that is measured. CLAUDE_BIN names another Claude Code than
the pinned one.
The exit code is 1 when an aim is missed, 2 for a wrong argument.`;

export function parseArguments(argv: readonly string[]): Wish {
  const families: Family[] = [];
  let json: string | null = null;
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (word === '--json') {
      json = words.shift() ?? null;
      if (json === null) return { kind: 'misuse', problem: '--json needs the name of a file' };
      continue;
    }
    const family = [...FAMILIES, ...NAMED_ONLY].find((known) => known === word);
    if (family === undefined) return { kind: 'misuse', problem: `${word} is none of ${FAMILIES.join(', ')}` };
    families.push(family);
  }
  return { kind: 'run', families: families.length === 0 ? FAMILIES : families, json };
}
