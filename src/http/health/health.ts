import type { FastifyRequest } from 'fastify';
import { mayDo } from '../../core/model/keys/key.ts';
import type { Health } from '../../core/ports/gateway/health.ts';
import type { App } from '../answers/app.ts';
import type { RouteDeps } from '../route-deps.ts';
import { json, problems, publicJson } from '../answers/responses.ts';
import { Health as HealthDocument, Probe } from './health-schemas.ts';

type HealthDeps = Pick<RouteDeps, 'health'>;

export function addHealthRoutes(app: App, deps: HealthDeps): void {
  addHealth(app, deps);
  addProbes(app, deps);
}

const healthSchema = {
  operationId: 'readHealth',
  summary: 'Read the state of the gateway and of its parts',
  tags: ['health'],
  response: {
    ...problems(),
    200: json(HealthDocument, 'Every part works.'),
    503: json(HealthDocument, 'A part does not work.'),
  },
} as const;

function addHealth(app: App, { health }: HealthDeps): void {
  app.get('/health', { schema: healthSchema }, async (request, reply) => {
    const found = await health.check();
    const checks = readsAll(request) ? found.checks : withoutOthers(found.checks);
    const document = { ...found, checks, timestamp: new Date(found.timestamp).toISOString() };
    return reply.code(found.status === 'healthy' ? 200 : 503).send(document);
  });
}

/** What all have spent, and who of all takes nothing, is for who may read that of all. */
function readsAll({ caller }: Pick<FastifyRequest, 'caller'>): boolean {
  return caller !== null && caller.reach === null && mayDo(caller.scopes, 'read');
}

function withoutOthers({ store, gateway, ...checks }: Health['checks']): Health['checks'] {
  const { today: _today, ...rest } = store;
  const transports = gateway['transports'] as readonly object[] | undefined;
  const unnamed = transports !== undefined && { transports: transports.map((one) => ({ ...one, paused: [] })) };
  return { ...checks, store: rest, gateway: { ...gateway, ...unnamed } };
}

const livezSchema = {
  operationId: 'readLiveness',
  summary: 'Whether the process answers',
  tags: ['health'],
  security: [],
  response: { 200: publicJson(Probe, 'It does.') },
};

const readyzSchema = {
  operationId: 'readReadiness',
  summary: 'Whether the gateway takes work',
  tags: ['health'],
  security: [],
  response: {
    200: publicJson(Probe, 'It does.'),
    503: publicJson(Probe, 'It starts or shuts down, or its disk refuses.'),
  },
};

function addProbes(app: App, { health }: HealthDeps): void {
  app.get('/livez', { schema: livezSchema }, async (_request, reply) => reply.code(200).send({ status: 'ok' }));
  app.get('/readyz', { schema: readyzSchema }, async (_request, reply) =>
    (await health.takesWork()) ? reply.code(200).send({ status: 'ok' }) : reply.code(503).send({ status: 'not_ready' }),
  );
}
