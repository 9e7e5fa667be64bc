import type { GatewayHouse } from '../helpers/gateway-house.ts';

/** A turn as its client saw it. */
export interface SeenTurn {
  readonly workspace: string;
  readonly mark: string;
  readonly state: string;
  readonly text: string | null;
  readonly error: string | null;
  /** When the client had the answer: milliseconds since 1970, with fractions. */
  readonly seenAt: number;
}

const WAIT_S = 60;

interface SeenStatus {
  readonly state: string;
  readonly output: { readonly text?: string };
  readonly error: string | null;
}

export function toMark(workspace: string, index: number): string {
  return `${workspace}-${index}`;
}

export async function submitTurn(house: GatewayHouse, workspace: string, mark: string): Promise<string> {
  const json = { workspace, command: `job ${mark} of a load` };
  const { status, body, text } = await house.call('POST', '/execute', { json });
  if (status !== 202) throw new Error(`not accepted: ${status} ${text}`);
  return body.requestId as string;
}

/** Long-polls /status until the request has ended. */
export async function seeEnd(house: GatewayHouse, workspace: string, mark: string, id: string): Promise<SeenTurn> {
  for (;;) {
    const { body } = await house.call('GET', `/status/${id}`, { headers: { prefer: `wait=${WAIT_S}` } });
    const seenAt = performance.timeOrigin + performance.now();
    const { state, output, error } = body as SeenStatus;
    if (state !== 'queued' && state !== 'running')
      return { workspace, mark, state, text: output.text ?? null, error, seenAt };
  }
}

export function quantile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * of) - 1)] ?? Number.NaN;
}
