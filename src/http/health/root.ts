import type { HealthApi } from '../../core/ports/gateway/health.ts';
import { prefersHtml } from '../answers/headers/accept.ts';
import type { App } from '../answers/app.ts';
import { publicJson } from '../answers/responses.ts';
import { Root } from './health-schemas.ts';

export const ROOT_PATH = '/';

const schema = {
  operationId: 'readRoot',
  summary: 'What answers here, and where its parts are',
  tags: ['health'],
  security: [],
  response: { 200: publicJson(Root, 'A gateway.') },
};

/** For programs; a person in a browser is led to the documentation. */
export function addRoot(
  app: App,
  { health, version }: { readonly health: Pick<HealthApi, 'takesWork'>; readonly version: string },
): void {
  app.get(ROOT_PATH, { schema }, async (request, reply) => {
    reply.header('vary', 'accept');
    if (prefersHtml(request.headers.accept)) return reply.redirect('/api-docs', 302);
    const status = (await health.takesWork()) ? 'ok' : 'not_ready';
    return reply.code(200).send({ name: 'Gatehouse', version, status, links: LINKS });
  });
}

const LINKS = { documentation: '/api-docs', health: '/health', terminal: '/terminal' };
