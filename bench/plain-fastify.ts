import { createCall } from './call.ts';
import { findFreePort, ROOT } from './gateway.ts';
import { until, type Place, type Program } from './place.ts';

export interface PlainFastify extends Program {
  readonly url: string;
  readonly listeningMs: number;
}

/** The rival of the gateway's HTTP side, as a process of its own. */
export async function startPlainFastify(place: Place): Promise<PlainFastify> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const call = createCall(url, '');
  const startedAt = performance.now();
  const argv = [process.execPath, `${ROOT}/bench/rivals/plain-fastify.ts`, String(port)];
  const program = place.start('plain-fastify', argv, { PATH: process.env['PATH'] ?? '' });
  const answers = async (): Promise<boolean> => {
    program.mustRun();
    return (await call('GET', '/livez').catch(() => null))?.status === 200;
  };
  await until(answers, 'the plain Fastify listens', place.signal);
  call.close();
  return { ...program, url, listeningMs: performance.now() - startedAt };
}
