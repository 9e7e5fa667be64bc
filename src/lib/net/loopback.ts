import { isIPv4 } from 'node:net';

/** Whether a host name or address is this machine by its form alone; with or without a port, an IPv6 address in
 *  brackets. */
export function isLoopback(host: string): boolean {
  const name = nameOf(host);
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}

/** In lower case and without its port; empty when it is none. */
export function nameOf(host: string): string {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::[0-9]*)?$/.exec(host.toLowerCase()) ?? [];
  return name;
}
