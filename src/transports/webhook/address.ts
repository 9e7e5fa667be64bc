import { isIP } from 'node:net';
import { GatewayError } from '../../core/model/errors.ts';
import { WEBHOOK_PREFIX } from '../../core/model/webhook.ts';
import type { Networks } from './networks.ts';

const URL_MAX = 2_048;

/** `webhook:<url>` as it is written here, so that two spellings of one URL are one lane.
 *  @throws GatewayError `invalid_field` that says what is wrong with it. */
export function parseAddress(address: string, field: string, networks: Networks): string {
  const wrong = (what: string): GatewayError => new GatewayError('invalid_field', `${field}: ${what}`, { field });
  const text = address.startsWith(WEBHOOK_PREFIX) ? address.slice(WEBHOOK_PREFIX.length) : address;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw wrong('its URL must be one like https://example.org/hook');
  }
  if (url.username !== '' || url.password !== '') throw wrong('leave user and password out of the URL');
  url.hash = '';
  if (url.href.length > URL_MAX) throw wrong(`the URL is longer than ${URL_MAX} characters`);
  const host = hostOf(url);
  if (!mayBeReached(host, url.protocol === 'http:', networks)) {
    throw wrong(
      url.protocol === 'http:'
        ? 'http is for networks in WEBHOOK_ALLOW_PRIVATE only: use https'
        : 'this address is in a private network: name the network in WEBHOOK_ALLOW_PRIVATE if you mean it',
    );
  }
  return WEBHOOK_PREFIX + url.href;
}

export function urlOf(address: string): URL {
  return new URL(address.slice(WEBHOOK_PREFIX.length));
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** As far as its name says; where a name leads is asked anew for each attempt. */
function mayBeReached(host: string, isPlain: boolean, networks: Networks): boolean {
  if (isIP(host) !== 0) return networks.mayReach(host, isPlain);
  if (/(?:^|\.)localhost\.?$/.test(host)) return networks.mayReach('127.0.0.1', isPlain);
  return !isPlain || networks.hasNamed;
}
