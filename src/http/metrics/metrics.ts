import type { Metrics } from '../../core/ports/metrics/metrics.ts';
import type { App } from '../answers/app.ts';
import { problems, text } from '../answers/responses.ts';

export const METRICS_PATH = '/metrics';

const schema = {
  operationId: 'readMetrics',
  summary: 'Read what is measured, for Prometheus',
  description:
    'In the text format of Prometheus. No label holds an id, the name of a workspace, or a key. With `METRICS_PORT` it is also read at that port, without a key.',
  tags: ['health'],
  response: { 200: text('All that is measured.'), ...problems() },
} as const;

export function addMetrics(app: App, { metrics }: { readonly metrics: Metrics }): void {
  app.get(METRICS_PATH, { schema }, async (_request, reply) => {
    const { contentType, text: page } = await metrics.read();
    return reply.code(200).type(contentType).serializer(asItIs).send(page);
  });
}

function asItIs(page: unknown): string {
  return String(page);
}
