// A Fastify that checks the same body as POST /execute, answers as it does, and stores nothing.
import fastify from 'fastify';

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['workspace', 'command'],
  properties: {
    workspace: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$' },
    command: { type: 'string', minLength: 1, maxLength: 262_144 },
    chatId: { type: 'string' },
    timeoutMs: { type: 'integer', minimum: 1_000, maximum: 86_400_000 },
    priority: { enum: ['high', 'normal', 'background'] },
    agent: { type: 'string' },
    replyTo: { type: 'string' },
  },
} as const;

const app = fastify({ logger: false });
let accepted = 0;

app.get('/livez', () => ({ status: 'ok' }));

/** As much as a status that has ended, without its text. */
const status = {
  ...{ workspace: 'w1', sessionName: 'claude-w1', agent: 'claude', source: 'http', priority: 'normal' },
  ...{ prompt: { altered: false, how: [] }, conversationLost: null, state: 'completed', phase: null, reason: null },
  ...{ retryable: null, error: null, createdAt: 1_800_000_000_000, startedAt: 1_800_000_000_005 },
  ...{ completedAt: 1_800_000_020_000, elapsed: 20_000, duration: 20_000, position: null, pause: null },
  ...{ estimatedCompletionAt: null, retries: 0, usage: null, usagePending: false, approvals: [], deliveries: [] },
  output: { available: true, bytes: 272, text: 'Nobody has taken it so far, as it seems. '.repeat(7).slice(0, 272) },
};

app.get<{ Params: { readonly id: string } }>('/status/:id', (request) => ({ requestId: request.params.id, ...status }));

app.post<{ Body: { readonly workspace: string } }>('/execute', { schema: { body } }, (request, reply) => {
  const requestId = `req-${(accepted += 1)}`;
  reply.code(202).header('location', `/status/${requestId}`).header('retry-after', '2');
  return reply.send({
    requestId,
    workspace: request.body.workspace,
    status: 'queued',
    message: 'Command queued for execution',
  });
});

await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
