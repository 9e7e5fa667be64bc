import type { RefusedError, Schemas } from '../../client/client.ts';

type Refused = Partial<Schemas['Problem']>;

/** What went wrong, and the way out in words of the command line: those of the API are for who builds a request. */
export function describeRefusal(status: number, problem: unknown): string {
  const refused: Refused = typeof problem === 'object' && problem !== null ? problem : {};
  const { detail, error, message } = refused;
  const said = detail ?? error ?? 'no reason given';
  const wayOut = findWayOut(refused);
  const isNew = wayOut !== undefined && wayOut !== null && wayOut !== detail && wayOut !== error;
  return `refused with ${status}: ${said}${isNew ? `\n${wayOut}` : ''}`;

  function findWayOut({ code }: Refused): string | null | undefined {
    if (code === 'not_found') return LISTS[said.split(' ', 1)[0] ?? ''] ?? message;
    const own = code === undefined ? undefined : WAYS[code];
    return own === undefined ? message : own;
  }
}

/** Streams and terminals are refused by an error that a client throws. */
export function describeRefused({ status, message, code }: RefusedError): string {
  return describeRefusal(status, { detail: message, code });
}

/** Null: what is wrong says it all. */
const WAYS: Readonly<Partial<Record<Schemas['ProblemCode'], string | null>>> = {
  invalid_field: null,
  unauthorized: 'Set GATEHOUSE_API_KEY to a key of this gateway.',
  no_screen: 'Give it work, which wakes it: gatehouse run -w WORKSPACE "…"',
  terminal_read_only:
    'Watch it with gatehouse attach --read-only, or set TERMINAL_WRITE_ENABLED=true where the gateway runs.',
  approval_decided: 'gatehouse approvals --all says what was decided.',
};

/** What `Request not found: …` begins with, and what lists those that there are. */
const LISTS: Readonly<Record<string, string>> = {
  Request: 'gatehouse requests lists them.',
  Session: 'gatehouse sessions lists them.',
  Approval: 'gatehouse approvals lists them; with --all also those that are decided.',
  Delivery: 'gatehouse deliveries lists them.',
  Key: 'gatehouse keys list lists them.',
};
