import { describe, expect, test } from '@jest/globals';
import { parseAddress } from '../../../../src/transports/webhook/address.ts';
import { createNetworks } from '../../../../src/transports/webhook/networks.ts';

const PUBLIC = createNetworks([]);
const HOME = createNetworks(['127.0.0.0/8', 'fd00::/8']);

const parse = (url: string, networks = PUBLIC): string => parseAddress(`webhook:${url}`, 'replyTo', networks);

describe('the address of a webhook', () => {
  test.each([
    ['https://Example.org', 'webhook:https://example.org/'],
    ['https://example.org:443/a b?c=d#e', 'webhook:https://example.org/a%20b?c=d'],
    ['https://93.184.216.34/hook', 'webhook:https://93.184.216.34/hook'],
    ['https://[2606:4700::1111]/', 'webhook:https://[2606:4700::1111]/'],
  ])('%s is written in one way', (url, written) => {
    expect(parse(url)).toBe(written);
  });

  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://①②⑦.0.0.1/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[fd00::1]/',
    'https://[2001:db8::1]/',
    'https://localhost/',
    'https://localhost./',
    'https://anything.localhost/',
  ])('%s is refused: it is no public one', (url) => {
    expect(() => parse(url)).toThrow(/WEBHOOK_ALLOW_PRIVATE/);
  });

  test.each([
    'http://127.0.0.1:8080/',
    'https://127.0.0.1/',
    'http://[fd00::1]/',
    'http://localhost:1/',
    'http://inside/',
  ])('%s is taken where the operator named its network', (url) => {
    expect(parse(url, HOME)).toBe(`webhook:${url}`);
  });

  test.each(['webhook:https://example.org/hook', 'ftp://example.org/', 'https://example.org:99999/'])(
    '%s is no URL of one, and the message does not show the address of a delivery as one',
    (url) => {
      expect(() => parse(url)).toThrow(/ like https:/);
      expect(() => parse(url)).not.toThrow(/webhook:/);
    },
  );

  test('plain http is for named networks only, and the message says so', () => {
    expect(() => parse('http://example.org/')).toThrow(/use https/);
    expect(() => parse('http://93.184.216.34/', HOME)).toThrow(/use https/);
  });
});
