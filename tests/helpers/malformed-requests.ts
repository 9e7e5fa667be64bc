import { Buffer } from 'node:buffer';
import type { Dice } from './dice.ts';

/** Bytes that no well-behaved client sends. */
export interface MalformedRequest {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Something is missing at its end: the client goes away instead of waiting. */
  readonly isCut: boolean;
}

const HOST = 'Host: 127.0.0.1';
const JSON_HEADER = 'Content-Type: application/json';
const KINDS = [
  'bytes',
  'line',
  'target',
  'header',
  'length',
  'smuggled',
  'chunks',
  'json',
  'encoding',
  'socket',
] as const;
type Kind = (typeof KINDS)[number];

/** An endless row of them, the same for the same dice. A request that is smuggled in asks for `smuggled` as its command. */
export function createMalformer(dice: Dice, key: string, smuggled: string): () => MalformedRequest {
  const pick = <T>(list: readonly T[]): T => list[dice(list.length)] as T;
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => dice(256)));
  const own = [HOST, `X-API-Key: ${key}`, 'Connection: close'];
  const whole = (lines: readonly string[], body: string | Buffer = ''): Buffer =>
    Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body as string)]);
  const post = (headers: readonly string[], body: string | Buffer): Buffer =>
    whole(['POST /execute HTTP/1.1', ...own, JSON_HEADER, ...headers], body);
  const sized = (body: string | Buffer, headers: readonly string[] = []): Buffer =>
    post([`Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
  const inner = JSON.stringify({ workspace: 'smuggled', command: smuggled });
  const second = `POST /execute HTTP/1.1\r\n${HOST}\r\nX-API-Key: ${key}\r\n${JSON_HEADER}\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;

  const make: Readonly<Record<Kind, () => Buffer>> = {
    bytes: () => bytes(1 + dice(2_000)),
    line: () => Buffer.from(`${pick(LINES)}\r\n${own.join('\r\n')}\r\n\r\n`, 'latin1'),
    target: () => whole([`${pick(['GET', 'POST', 'DELETE', 'OPTIONS'])} ${pick(TARGETS)} HTTP/1.1`, ...own]),
    header: () => whole(['GET /requests HTTP/1.1', ...own, pick(HEADERS)]),
    length: () => post([`Content-Length: ${pick(LENGTHS)}`], '{"a":1}'),
    smuggled: () => post(pick(SMUGGLING), `0\r\n\r\n${second}`),
    chunks: () => post(['Transfer-Encoding: chunked'], pick(CHUNKS)),
    json: () => sized(pick(DOCUMENTS)),
    encoding: () =>
      sized(pick([bytes(200), Buffer.from('\ufeff{"workspace":"w"}', 'utf16le'), INVALID]), [pick(ENCODINGS)]),
    socket: () =>
      Buffer.concat([
        whole([
          `GET ${pick(['/stream', '/ws', '/session/w/terminal'])} HTTP/1.1`,
          ...own.slice(0, 2),
          ...pick(UPGRADES),
        ]),
        bytes(dice(200)),
      ]),
  };

  return () => {
    const kind = pick(KINDS);
    const made = make[kind]();
    const isCutOff = dice(8) === 0;
    const end = isCutOff ? dice(made.length) + 1 : made.length;
    return { kind, bytes: made.subarray(0, end), isCut: isCutOff || MAY_WAIT.includes(kind) };
  };
}

/** Whether the server still waits for more of these is its own affair. */
const MAY_WAIT: readonly Kind[] = ['bytes', 'line', 'length', 'chunks', 'socket', 'smuggled'];

const LINES = [
  '',
  'GET',
  'GET /livez',
  'GET  /livez  HTTP/1.1',
  'GET /livez HTTP/9.9',
  'GET /livez HTTP/1.1 more',
  'get /livez HTTP/1.1',
  'PRI * HTTP/2.0',
  'TRACE / HTTP/1.1',
  'CONNECT 127.0.0.1:22 HTTP/1.1',
  'PURGE /livez HTTP/1.1',
  '\u0000\u0001 / HTTP/1.1',
  `${'G'.repeat(20_000)} / HTTP/1.1`,
  'GET http://example.org/livez HTTP/1.1',
  'OPTIONS * HTTP/1.1',
];
const TARGETS = [
  '/%',
  '/%zz',
  '/%00',
  '/%c0%ae%c0%ae/etc/passwd',
  '/%ff%fe',
  '/status/%f0%28%8c%28',
  '/session/..%2f..%2fetc',
  '//livez//',
  '/../../../../etc/passwd',
  '/__proto__',
  '/session/__proto__',
  '/session/constructor/screen',
  '/requests?__proto__[x]=1&constructor=2',
  '/requests?state=%ff',
  '/requests?limit=1&limit=2',
  `/requests?${'a&'.repeat(4_000)}`,
  `/session/${'a'.repeat(8_000)}`,
  '/session/w\u00ff',
  '/session/w;param',
  '/status/req-1#fragment',
  '*',
];
const HEADERS = [
  'X-API-Key: another',
  'Host: evil.example',
  'Host',
  ': empty',
  'Bad Name: 1',
  'X-\u0000: 1',
  'X-Nul: a\u0000b',
  'X-Text: \u00ff\u00fe',
  'X-Folded: a\r\n b',
  'X-Feed: a\nX-Other: b',
  'Expect: a miracle',
  'Expect: 100-continue',
  'Range: bytes=9-1',
  'Prefer: wait=99999999999999999999',
  'Prefer: wait=-1, wait=NaN',
  'Last-Event-ID: NaN',
  'If-None-Match: "',
  'Accept: */*;q=NaN, __proto__',
  'Cookie: __proto__=1',
  'Authorization: Bearer',
  'Authorization: Basic !!!',
  'Idempotency-Key: \u00e4',
  'Forwarded: for="[::1"',
  'X-Forwarded-For: 999.1.1.1, \u00ff',
  'Origin: null',
  'Access-Control-Request-Method: __proto__',
  'traceparent: 00-0-0-zz',
  `X-Long: ${'x'.repeat(17_000)}`,
  ...Array.from({ length: 3 }, (_, at) =>
    Array.from({ length: 10 ** (at + 1) }, (__, one) => `X-${one}: 1`).join('\r\n'),
  ),
];
const LENGTHS = [
  '-1',
  '+7',
  '7, 7',
  '7, 8',
  '0x7',
  '1e1',
  '07',
  ' 7 ',
  '',
  'NaN',
  '99999999999999999999',
  '7\r\nContent-Length: 8',
  '5000',
];
/** In each of them two readers may see another end of the first request. */
const SMUGGLING = [
  ['Content-Length: 6', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 0'],
  ['Content-Length: 0', 'Content-Length: 5'],
  ['Transfer-Encoding: xchunked', 'Content-Length: 5'],
  ['Transfer-Encoding : chunked', 'Content-Length: 5'],
  ['Transfer-Encoding: chunked, identity', 'Content-Length: 5'],
  ['Transfer-Encoding:\u000bchunked', 'Content-Length: 5'],
  ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['X: 1\nTransfer-Encoding: chunked', 'Content-Length: 5'],
];
const CHUNKS = [
  'zz\r\n',
  '-1\r\n',
  '5\r\nabc',
  '3\r\nabcd\r\n0\r\n\r\n',
  'ffffffffffffffff\r\n',
  '1;a=b\r\n{\r\n0\r\nX: 1\r\n\r\n',
  '0\r\n',
  '2\n{}\n0\n\n',
];
const DEEP = 10_000;
const DOCUMENTS = [
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  '['.repeat(DEEP),
  '{"__proto__":{"workspace":"w"},"command":"x"}',
  '{"workspace":"w","command":"x","__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"workspace":"w"}}}',
  '{"workspace":{"toString":1},"command":["x"]}',
  '{"workspace":"__proto__","command":"x","priority":"__proto__"}',
  '{"workspace":"w","workspace":1,"command":"x"}',
  '{"workspace":"w","command":"x","timeoutMs":1e999}',
  '{"workspace":"w","command":"x","timeoutMs":-0}',
  `{"workspace":"w","command":"x","timeoutMs":${'9'.repeat(5_000)}}`,
  '{"workspace":"\\ud800","command":"\\udfff"}',
  '{"workspace":"w\\u0000","command":"\\u0000"}',
  `{"workspace":"${'w'.repeat(100_000)}","command":"x"}`,
  `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":0`).join()}}`,
  'NaN',
  '"',
  '\u0000',
  '{"a":1}{"a":2}',
  '{,}',
  "{'a':1}",
  '/* */{}',
];
const INVALID = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
const ENCODINGS = [
  'Content-Encoding: gzip',
  'Content-Encoding: br, deflate',
  'Content-Type: application/json; charset=utf-16',
  'Content-Type: \u00ff',
  'Content-Type: multipart/form-data; boundary=',
  'X: 1',
];
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];
const UPGRADES = [
  UPGRADE,
  [...UPGRADE, 'Sec-WebSocket-Version: 99', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  [...UPGRADE, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: short'],
  [...UPGRADE, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  [
    ...UPGRADE,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate; x=',
  ],
  ['Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
];
