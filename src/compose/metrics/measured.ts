import type { HookReceiver } from '../../agents/claude/hooks/hook-receiver.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Transport } from '../../core/ports/transport.ts';
import type { Meter } from '../../metrics/metrics.ts';

// Each is what it wraps, and tells the meter how long it took or what became of it.

export function measuredLog(log: Log, meter: Meter): Log {
  return {
    ...log,
    warn(fields, event) {
      meter.logged('warn', event);
      log.warn(fields, event);
    },
    error(fields, event) {
      meter.logged('error', event);
      log.error(fields, event);
    },
  };
}

export function measuredStore(store: Store, meter: Meter): Store {
  return {
    ...store,
    async endDelivery(id, end, now) {
      const hasEnded = await store.endDelivery(id, end, now);
      if (hasEnded) meter.deliveryEnded(end.state);
      return hasEnded;
    },
  };
}

export function measuredTransport(transport: Transport, meter: Meter): Transport {
  return {
    ...transport,
    parseAddress: (address, field) => transport.parseAddress(address, field),
    async deliver(delivery, signal) {
      const begunAt = performance.now();
      let outcome: Parameters<Meter['attempted']>[1] = 'aborted';
      try {
        const became = await transport.deliver(delivery, signal);
        outcome = became.kind;
        return became;
      } finally {
        meter.attempted(transport.name, outcome, performance.now() - begunAt);
      }
    },
  };
}

export function measuredHooks(hooks: HookReceiver, meter: Meter): HookReceiver {
  return {
    ...hooks,
    register: (token, listener) =>
      hooks.register(token, async (payload, gone) => {
        const begunAt = performance.now();
        try {
          return await listener(payload, gone);
        } finally {
          meter.hookAnswered(payload.hook_event_name, performance.now() - begunAt);
        }
      }),
  };
}
