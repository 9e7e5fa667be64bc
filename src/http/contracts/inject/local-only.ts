import { isLoopback } from '../../../lib/net/loopback.ts';
import type { Boundary } from '../../door/boundary.ts';

/** This listener asks for no key: it is for programs of this machine, and not even for addresses of it that others reach. */
export const LOCAL_ONLY: Boundary = {
  isNamed: isLoopback,
  letsIn: () => false,
  wayOut: 'Call the injection API as 127.0.0.1 or localhost, with its port.',
  closed: () => 'this API is for programs of this machine, and not for web pages',
};
