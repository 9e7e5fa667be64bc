import { expect } from '@jest/globals';
import type { GatewayHouse } from '../helpers/gateway-house.ts';

export const CLIENTS = 20;
export const EACH = 10;

/** Requests that many clients make at once, so that they share syncs. */
export async function submitAtOnce(house: GatewayHouse): Promise<void> {
  const client = async (_: unknown, at: number): Promise<void> => {
    for (let n = 0; n < EACH; n += 1) {
      const answer = await house.call('POST', '/execute', { json: { workspace: `w${at}`, command: `job ${n}` } });
      expect(answer.status).toBe(202);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}
