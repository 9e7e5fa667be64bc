import { createGatehouseClient, type GatehouseClient } from '../../client/client.ts';
import type { Terminal } from '../terminal.ts';
import { findGateway } from './find-gateway.ts';
import { describeRefusal } from '../shown/refusals.ts';

/** A running gateway, for one command. */
export interface Connection {
  readonly url: string;
  readonly client: GatehouseClient;
  /** What it answers, or an Error whose message is for people. */
  ask<T>(call: Promise<Answer<T>>): Promise<T>;
}

/** As openapi-fetch has it. */
interface Answer<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

export interface Remote {
  readonly url?: string;
}

export async function connect({ url }: Remote, terminal: Terminal): Promise<Connection> {
  return toConnection(await findGateway(url ?? null, terminal));
}

export function toConnection(door: { readonly url: string; readonly key: string | null }): Connection {
  return {
    url: door.url,
    client: createGatehouseClient(door),
    async ask(call) {
      const answer = await call.catch((cause: unknown) => {
        throw new Error(
          `no gateway answers at ${door.url}: start one with gatehouse serve, or name another with --url`,
          {
            cause,
          },
        );
      });
      if (answer.response.ok) return answer.data as NonNullable<typeof answer.data>;
      throw new Error(describeRefusal(answer.response.status, answer.error));
    },
  };
}
