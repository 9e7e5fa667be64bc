import { GatewayError } from '../model/errors.ts';

/** Whether the gateway takes work. What is submitted while it recovers is accepted, and begins afterwards. */
export interface Readiness {
  /** False before recovery is done and while draining. */
  isReady(): boolean;
  /** @throws GatewayError `draining` */
  refuseWhileDraining(): void;
  /** Recovery is done; false when the gateway drains already. */
  recovered(): boolean;
  drain(): void;
}

const COME_AGAIN_MS = 5_000;

export function createReadiness(): Readiness {
  let state: 'recovering' | 'ready' | 'draining' = 'recovering';

  return {
    isReady: () => state === 'ready',
    refuseWhileDraining() {
      if (state !== 'draining') return;
      throw new GatewayError('draining', 'This gateway is stopping: send the request again in a moment', {
        retry: { afterMs: COME_AGAIN_MS },
      });
    },
    recovered() {
      if (state !== 'recovering') return false;
      state = 'ready';
      return true;
    },
    drain() {
      state = 'draining';
    },
  };
}
