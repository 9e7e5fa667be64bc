import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { isLoopback, nameOf } from './loopback.ts';

/** Whether a listener may be called by a `Host`. DNS can be turned against a name, so that a page of it reaches this
 *  machine as its own; it cannot be turned against an address. `names`: in lower case. */
export function mayCallAs(host: string, names: readonly string[]): boolean {
  const name = nameOf(host).replace(/\.$/, '');
  return isLoopback(host) || isAddress(name) || names.includes(name);
}

/** The name of this machine, that on which it listens, and others. */
export function namesOf(listensOn: string, others: readonly string[]): readonly string[] {
  return [hostname(), listensOn, ...others].map((name) => name.toLowerCase());
}

function isAddress(name: string): boolean {
  return isIPv4(name) || (/^\[.*\]$/.test(name) && isIPv6(name.slice(1, -1)));
}
