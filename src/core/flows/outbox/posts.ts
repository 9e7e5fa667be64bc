import { transportOf } from '../../model/delivery.ts';
import type { Transport } from '../../ports/transport.ts';
import type { FlowParts } from '../parts.ts';
import { createGate, type Gate } from './gate/gate.ts';
import { createMissingTransport } from './missing.ts';

/** Where the lanes of one transport go out. */
export interface Post {
  readonly transport: Transport;
  readonly gate: Gate;
}

export interface Posts {
  of(lane: string): Post;
  close(): void;
}

export function createPosts({ transports, clock }: Pick<FlowParts, 'transports' | 'clock'>): Posts {
  const posts = new Map<string, Post>();
  return {
    of(lane) {
      const name = transportOf(lane);
      const known = posts.get(name);
      if (known !== undefined) return known;
      const transport = transports.get(name) ?? createMissingTransport(name);
      const post = { transport, gate: createGate(clock, transport.policy) };
      posts.set(name, post);
      return post;
    },
    close() {
      for (const { gate } of posts.values()) gate.close();
    },
  };
}
