import type { Door } from '../../client/client.ts';
import { type Config, readConfig } from '../../config/config.ts';
import { withDotEnv } from '../../config/dotenv.ts';
import { isLoopback } from '../../lib/net/loopback.ts';
import { readApiKey } from '../../lib/secrets/api-key.ts';
import type { Terminal } from '../terminal.ts';

/** Address and key: of the command, of GATEHOUSE_URL and GATEHOUSE_API_KEY, or of the settings here.
 *  @throws ConfigError, or an Error that says what to do. */
export async function findGateway(url: string | null, terminal: Terminal): Promise<Door> {
  const { GATEHOUSE_URL, GATEHOUSE_API_KEY } = terminal.env;
  const address = url ?? (GATEHOUSE_URL ? toAddress(GATEHOUSE_URL) : null);
  if (address !== null && GATEHOUSE_API_KEY) return { url: address, key: GATEHOUSE_API_KEY };
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  // The key of this machine's gateway is nobody else's to see.
  if (address !== null && !isHere(address, config))
    throw new Error(`${address} is another machine: set GATEHOUSE_API_KEY to a key of the gateway there`);
  const key = GATEHOUSE_API_KEY || config.http.apiKey || (await readApiKey(config.dirs.data));
  if (!key && config.http.auth) {
    throw new Error(
      `no key in ${config.dirs.data}: start the gateway first (gatehouse serve), or set GATEHOUSE_API_KEY`,
    );
  }
  return { url: address ?? toUrl(config), key: key || null };
}

function isHere(address: string, { http }: Config): boolean {
  const { hostname } = new URL(address);
  return isLoopback(hostname) || hostname === http.host;
}

/** @throws Error when it is none. */
export function toAddress(text: string): string {
  const parsed = URL.parse(text);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new Error(`${text} is no address of a gateway, such as http://127.0.0.1:3000`);
  return parsed.href.replace(/\/+$/, '');
}

function toUrl({ http }: Config): string {
  if (http.port === 0) throw new Error('HTTP_API_PORT is 0 (any): name the address with --url or GATEHOUSE_URL');
  // A wildcard address is one to listen on, not one to call.
  const host = http.host === '0.0.0.0' ? '127.0.0.1' : http.host === '::' ? '::1' : http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`;
}
