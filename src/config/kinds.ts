import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isWorkspaceName } from '../core/model/workspace.ts';
import { isWebhookSecret } from '../lib/secrets/webhook-secret.ts';
import { splitWords } from './words.ts';

/** How the text of a variable becomes a value. `parse` returns undefined for what `says` does not describe;
 *  messages are made of `says` alone, so that no value is ever repeated in a log. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly says: string;
  parse(text: string): T | undefined;
}

export const flag: Kind<boolean> = {
  says: 'true or false',
  parse(text) {
    switch (text.toLowerCase()) {
      case 'true':
      case '1':
        return true;
      case 'false':
      case '0':
        return false;
      default:
        return undefined;
    }
  },
};

export function integer(min: number, max: number): Kind<number> {
  return {
    says: `a whole number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** US dollars, as millionths of one. */
export const microUsd: Kind<number> = {
  says: 'US dollars such as 2.50: a number from 0 to 1000000, with at most six decimals',
  parse(text) {
    const value = /^\d{1,7}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1e6) : NaN;
    return value <= 1e12 ? value : undefined;
  },
};

export const port: Kind<number> = { ...integer(0, 65_535), says: 'a port from 0 (any free one) to 65535' };

export function oneOf<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    says: choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

export const text: Kind<string> = { says: 'text', parse: (value) => value };

/** As people write it, with a hash or without. */
export const channel: Kind<string> = {
  says: 'the name of a channel',
  parse: (value) => value.replace(/^#/, '') || undefined,
};

/** A path relative to the folder in which the gateway was started becomes absolute. */
export const path: Kind<string> = {
  says: 'a path',
  parse: (value) => (value.includes('\0') ? undefined : resolve(value)),
};

export const workspace: Kind<string> = {
  says: 'a workspace: at most 63 letters, digits, _ and -, first a letter or digit',
  parse: (value) => (isWorkspaceName(value) ? value : undefined),
};

const HOSTNAME =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

export const host: Kind<string> = {
  says: 'an IP address or a host name, without scheme and port',
  parse(value) {
    if (isIP(value) !== 0) return value;
    // "1.2.3" and "300.1.1.1" look like host names and are mistyped addresses.
    return HOSTNAME.test(value) && !/^[\d.]+$/.test(value) ? value : undefined;
  },
};

/** In lower case, as they are compared. */
export const hosts: Kind<readonly string[]> = {
  says: 'host names without scheme and port, by commas',
  parse(value) {
    const list = toList(value.toLowerCase());
    return list.every((name) => host.parse(name) !== undefined) ? list : undefined;
  },
};

/** Whatever listens there is reached from this machine alone. */
export const loopback: Kind<string> = {
  says: 'a loopback address (127.0.0.1, ::1) or localhost: it is open to everybody who reaches it',
  parse: (value) => (/^(127(\.\d{1,3}){3}|::1)$/.test(value) && isIP(value) !== 0 ? value : findLocalhost(value)),
};

function findLocalhost(value: string): string | undefined {
  return value.toLowerCase() === 'localhost' ? 'localhost' : undefined;
}

export const url: Kind<string> = {
  says: 'an http or https URL',
  parse(value) {
    const parsed = URL.parse(value);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
    return value.replace(/\/+$/, '');
  },
};

export const postgresUrl: Kind<string> = {
  says: 'a postgres:// URL with the name of a database',
  parse(value) {
    const parsed = URL.parse(value);
    if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) return undefined;
    return parsed.pathname.length > 1 ? value : undefined;
  },
};

/** `*`, or origins as browsers send them. */
export const origins: Kind<readonly string[]> = {
  says: '*, or origins such as https://example.org separated by commas, or empty for none',
  parse(value) {
    const list = toList(value);
    if (list.length === 1 && list[0] === '*') return list;
    return list.every(isOrigin) ? list : undefined;
  },
};

function isOrigin(value: string): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.origin === value;
}

export const networks: Kind<readonly string[]> = {
  says: 'networks such as 10.0.0.0/8 or fd00::/8, by commas',
  parse(value) {
    const list = toList(value);
    return list.every((network) => ipaddr.isValidCIDR(network)) ? list : undefined;
  },
};

export const proxies: Kind<readonly string[]> = {
  says: 'addresses and networks such as 127.0.0.1 or 10.0.0.0/8, by commas',
  parse(value) {
    const list = toList(value);
    return list.every((one) => isIP(one) !== 0 || ipaddr.isValidCIDR(one)) ? list : undefined;
  },
};

/** Of chats, servers and users: digits, and a minus before those of groups. */
export const ids: Kind<readonly string[]> = {
  says: 'ids in digits, by commas',
  parse(value) {
    const list = toList(value);
    return list.every((id) => /^-?\d{1,20}$/.test(id)) ? list : undefined;
  },
};

const WAITS_MAX = 50;

export const durations: Kind<readonly number[]> = {
  says: `1 to ${WAITS_MAX} whole numbers of milliseconds, by commas, each from 1 to 2592000000`,
  parse(value) {
    const list = toList(value).map((text) => integer(1, 2_592_000_000).parse(text));
    const known = list.filter((ms) => ms !== undefined);
    return known.length === list.length && list.length > 0 && list.length <= WAITS_MAX ? known : undefined;
  },
};

export const webhookSecrets: Kind<readonly string[]> = {
  says: 'whsec_ and base64 of 24 to 64 bytes, as of: echo whsec_$(openssl rand -base64 32); or two of them, by a comma',
  parse(value) {
    const list = toList(value);
    return list.length >= 1 && list.length <= 2 && list.every(isWebhookSecret) ? list : undefined;
  },
};

function toList(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export const words: Kind<readonly string[]> = {
  says: 'words as in a shell, with closed quotes',
  parse: (value) => splitWords(value) ?? undefined,
};

/** Visible ASCII without blanks: what fits into a header. */
export const credential: Kind<string> = {
  says: 'one word of visible ASCII characters',
  parse: (value) => (/^[\x21-\x7e]+$/.test(value) ? value : undefined),
};

const API_KEY_MIN_LENGTH = 24;

// Matched without regard to case and separators, anywhere in the key: templates get lengthened more often than replaced.
const PLACEHOLDERS = [
  'defaultapikey',
  'changeinproduction',
  'changeme',
  'changethis',
  'yourapikey',
  'yoursecret',
  'replaceme',
  'placeholder',
];

export const apiKey: Kind<string> = {
  says: `a secret of your own: at least ${API_KEY_MIN_LENGTH} visible ASCII characters and no placeholder (unset: one is generated)`,
  parse(value) {
    const plain = value.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    if (PLACEHOLDERS.some((placeholder) => plain.includes(placeholder)) || new Set(plain).size < 6) return undefined;
    return value.length >= API_KEY_MIN_LENGTH ? credential.parse(value) : undefined;
  },
};
