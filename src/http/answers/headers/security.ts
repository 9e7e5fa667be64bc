import type { App } from '../app.ts';

/** What browsers are told of every answer, as helmet would: not to guess its type, not to show it in a frame of others,
 *  and to load nothing for it. Pages that load something say so themselves. Nothing of TLS (`strict-transport-security`): it
 *  would hold for every port of the host, so that is its proxy's. */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // Pages that may read answers by CORS still do.
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  // Old browsers had a filter that could be turned against a page.
  'x-xss-protection': '0',
} as const;

export function sendSecurityHeaders(app: App): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
}
