import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { withDotEnv } from '../config/dotenv.ts';
import { readApiKey } from '../lib/secrets/api-key.ts';
import type { Door } from './gateway-client.ts';
import type { Terminal } from './terminal.ts';

/** Address and key of the gateway that the settings describe.
 *  @throws ConfigError, or an Error that says what to do. */
export async function findGateway(url: string | null, terminal: Terminal): Promise<Door> {
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  const key = config.http.apiKey ?? (await readApiKey(config.dirs.data)) ?? '';
  if (key === '' && config.http.auth) {
    throw new Error(
      `no key in ${config.dirs.data}: start the gateway first, or set HTTP_API_KEY or DATA_DIR as it has them`,
    );
  }
  return { url: url ?? toUrl(config), key };
}

function toUrl({ http }: Config): string {
  if (http.port === 0) throw new Error('HTTP_API_PORT is 0 (any): name the address with --url');
  // A wildcard address is one to listen on, not one to call.
  const host = http.host === '0.0.0.0' ? '127.0.0.1' : http.host === '::' ? '::1' : http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`;
}
