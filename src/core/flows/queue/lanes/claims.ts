import type { RequestRecord } from '../../../model/request.ts';
import type { FlowParts } from '../../parts.ts';
import type { Lease } from '../../sessions/pool/lease.ts';
import type { Pool } from '../../sessions/pool/pool.ts';
import type { Placeless } from './placeless.ts';
import type { TurnOrder } from './turn-order.ts';
import type { Waiter } from './waiter.ts';

/** Sessions that were given a slot: each finds a place for its agent, and then takes the head of its queue. */
export interface Claims {
  begin(waiter: Waiter): void;
  has(workspace: string): boolean;
  count(): number;
  /** Resolves when the one that is under way has been decided; undefined: none is. */
  decided(workspace: string): Promise<void> | undefined;
  allDecided(): Promise<void>;
}

export interface ClaimsDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log'>;
  readonly pool: Pick<Pool, 'reserve'>;
  readonly order: Pick<TurnOrder, 'giveBack'>;
  readonly placeless: Pick<Placeless, 'looking'>;
  /** Begins the turn, which then has the lease; false when none begins any more. */
  readonly run: (request: RequestRecord, lease: Lease) => boolean;
  /** The disk refused. */
  readonly failed: (workspace: string) => void;
  /** One has been decided: its slot is taken by a turn, or free. */
  readonly over: () => void;
}

export function createClaims({ parts, pool, order, placeless, run, failed, over }: ClaimsDeps): Claims {
  const { store, clock, log } = parts;
  const claiming = new Map<string, Promise<void>>();

  async function claim(waiter: Waiter): Promise<void> {
    const { workspace } = waiter;
    let lease: Lease | null = null;
    try {
      const foundNone = placeless.looking();
      lease = await pool.reserve(workspace);
      if (lease === null) {
        // It stays queued, and takes none of the slots for turns.
        order.giveBack(waiter);
        return foundNone(workspace);
      }
      const request = await store.claim(workspace, clock.now());
      if (request !== null && run(request, lease)) lease = null;
    } catch (error) {
      log.error({ workspace, error: String(error) }, 'lane.claim_failed');
      order.giveBack(waiter);
      failed(workspace);
    } finally {
      claiming.delete(workspace);
      lease?.release();
      over();
    }
  }

  return {
    begin: (waiter) => void claiming.set(waiter.workspace, claim(waiter)),
    has: (workspace) => claiming.has(workspace),
    count: () => claiming.size,
    decided: (workspace) => claiming.get(workspace),
    async allDecided() {
      await Promise.all(claiming.values());
    },
  };
}
