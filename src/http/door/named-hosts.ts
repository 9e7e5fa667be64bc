import { mayCallAs } from '../../lib/net/called-as.ts';
import type { Boundary } from './boundary.ts';
import type { HttpSettings } from './settings.ts';

const WAY_OUT = 'Call it by an address, or name the host in HTTP_ALLOWED_HOSTS.';

/** Pages of its own, and those of CORS_ORIGINS; without keys never those of everywhere. */
export function toBoundary({ hosts, auth, corsOrigins }: HttpSettings): Boundary {
  return {
    ...namedBy(hosts),
    letsIn: (origin, host) =>
      URL.parse(origin)?.host === host || corsOrigins.includes(origin) || (auth && corsOrigins.includes('*')),
    closed: (origin) => `pages of ${origin} may not call this: see CORS_ORIGINS`,
  };
}

/** For programs alone. */
export function withoutPages(hosts: readonly string[]): Boundary {
  return { ...namedBy(hosts), letsIn: () => false, closed: () => 'this is for programs, and not for web pages' };
}

function namedBy(hosts: readonly string[]): Pick<Boundary, 'isNamed' | 'wayOut'> {
  return { isNamed: (host) => mayCallAs(host, hosts), wayOut: WAY_OUT };
}
