import type { GatewayApi } from '../../core/ports/gateway.ts';
import type { App } from '../app.ts';
import { json, problems } from '../responses.ts';
import { HealthDocument, Probe } from '../schemas.ts';

export function addHealthRoutes(app: App, gateway: GatewayApi): void {
  app.get(
    '/health',
    {
      schema: {
        operationId: 'readHealth',
        summary: 'Whether all parts work, in detail',
        tags: ['health'],
        response: {
          200: json('Healthy.', HealthDocument),
          503: json('Degraded; the checks say why.', HealthDocument),
          ...problems(401, 429, 500),
        },
      },
    },
    async (_request, reply) => {
      const health = await gateway.health();
      const document = { ...health, timestamp: new Date(health.timestamp).toISOString() };
      return reply.code(health.status === 'healthy' ? 200 : 503).send(document);
    },
  );

  const open = { config: { open: true, rateLimit: false as const } };

  app.get(
    '/livez',
    {
      ...open,
      schema: {
        operationId: 'livez',
        summary: 'The process answers',
        tags: ['health'],
        security: [],
        response: { 200: json('It does.', Probe), ...problems(500) },
      },
    },
    async (_request, reply) => reply.send({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      ...open,
      schema: {
        operationId: 'readyz',
        summary: 'Ready for work: recovered, and not stopping',
        tags: ['health'],
        security: [],
        response: { 200: json('Ready.', Probe), 503: json('Not ready.', Probe), ...problems(500) },
      },
    },
    async (_request, reply) =>
      gateway.isReady() ? reply.send({ status: 'ready' }) : reply.code(503).send({ status: 'not ready' }),
  );
}
