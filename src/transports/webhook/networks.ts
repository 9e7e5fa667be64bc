import ipaddr from 'ipaddr.js';

/** Which addresses webhooks may reach: public ones, and those of the networks that the operator named. */
export interface Networks {
  /** `isPlain`: without TLS, which is for the named networks only. */
  mayReach(ip: string, isPlain: boolean): boolean;
  /** Whether the operator named any. */
  readonly hasNamed: boolean;
}

type Address = ReturnType<typeof ipaddr.process>;
type Cidr = ReturnType<typeof ipaddr.parseCIDR>;

/** What the internet routes; all else in IPv6 is special, or holds an IPv4 address. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** @param allowed CIDRs, already checked. */
export function createNetworks(allowed: readonly string[]): Networks {
  const named = allowed.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    hasNamed: named.length > 0,
    mayReach(ip, isPlain) {
      if (!ipaddr.isValid(ip)) return false;
      const address = ipaddr.process(ip);
      return named.some((cidr) => isIn(address, cidr)) || (!isPlain && isPublic(address));
    },
  };
}

function isPublic(address: Address): boolean {
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_IPV6));
}

function isIn(address: Address, cidr: Cidr): boolean {
  return address.kind() === cidr[0].kind() && address.match(cidr);
}
