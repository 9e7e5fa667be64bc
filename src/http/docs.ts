import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';

const PREFIX = '/api-docs';

/** `/api-docs`: a page for people (`Accept: text/html`), the OpenAPI document as JSON for everything else. */
export async function addDocs(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gatehouse',
        version,
        description: 'A self-hosted gateway to coding agents. Errors are problem documents (RFC 9457).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This gateway.' }],
      tags: [
        { name: 'requests', description: 'Work, from acceptance to its end.' },
        { name: 'sessions', description: 'The conversation of each workspace with its agent.' },
        { name: 'health', description: 'Probes and checks.' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ apiKey: [] }, { bearer: [] }],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: PREFIX,
    staticCSP: true,
    uiConfig: { persistAuthorization: false },
    uiHooks: {
      onRequest: (request, reply, done) => {
        const path = request.url.split('?')[0]?.replace(/\/$/, '');
        if (path !== PREFIX || request.headers.accept?.includes('text/html')) {
          done();
          return;
        }
        void reply.type('application/json').send(app.swagger());
      },
    },
  });
}

export function isDocs(url: string): boolean {
  return url === PREFIX || url.startsWith(`${PREFIX}/`) || url.startsWith(`${PREFIX}?`);
}
