import { createCall } from '../call.ts';
import { findFreePort, ROOT } from '../gateway.ts';
import { until, type Place } from '../place.ts';
import type { Arrival } from './receivers-program.ts';

/** Receivers of webhooks on loopback, in one process of their own. */
export interface Receivers {
  readonly urls: readonly string[];
  /** What came, oldest first, once it is so many. */
  receive(count: number): Promise<readonly Arrival[]>;
  end(): Promise<void>;
}

/** Settings of a gateway that may reach them. */
export const REACHING = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' };

export async function startReceivers(place: Place, name: string, count: number): Promise<Receivers> {
  const port = await findFreePort();
  const call = createCall(`http://127.0.0.1:${port}`, '');
  const argv = [process.execPath, `${ROOT}/bench/deliveries/receivers-program.ts`, String(port), String(count)];
  const program = place.start(name, argv, { PATH: process.env['PATH'] ?? '' });
  let urls: readonly string[] = [];
  await until(
    async () => {
      program.mustRun();
      urls = ((await call('GET', '/urls').catch(() => null))?.body ?? []) as readonly string[];
      return urls.length === count;
    },
    `${name} listen`,
    place.signal,
  );
  const arrivals: Arrival[] = [];
  return {
    urls,
    async receive(wanted) {
      await until(
        async () => {
          arrivals.push(...((await call('GET', '/arrivals')).body as readonly Arrival[]));
          return arrivals.length >= wanted;
        },
        `${wanted} webhooks arrive`,
        place.signal,
      );
      return arrivals.splice(0);
    },
    async end() {
      call.close();
      await program.end();
    },
  };
}
