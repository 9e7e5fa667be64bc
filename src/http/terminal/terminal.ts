import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { TERMINAL_BOUNDS } from '../../core/ports/terminal.ts';
import type { AttachedTerminal } from '../../core/ports/terminal.ts';
import type { App } from '../answers/app.ts';
import { whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';
import { empty, problems } from '../answers/responses.ts';
import { WorkspaceParams } from '../answers/schema-parts.ts';
import { TerminalQuery } from './terminal-schemas.ts';
import { joinTerminal } from './terminal-socket.ts';

const schema = {
  operationId: 'openTerminal',
  summary: 'Sit at the terminal of a session, over a WebSocket',
  description:
    'Binary frames are terminal output and keys; text frames are JSON: `opened`, `taken` (with `confirm`) and `exited` from the gateway, `resize` from the client. ' +
    'Where headers cannot be set, name a `ticket`, or offer the subprotocols `gatehouse.terminal` and `gatehouse.key.<base64url of the key>`. ' +
    '409 while the session is asleep. Frames, close codes and limits: docs/terminal.md.',
  tags: ['sessions'],
  params: WorkspaceParams,
  querystring: TerminalQuery,
  response: { 101: empty('The terminal is open.'), ...problems(403, 404, 409, 426, 501) },
} as const;

type TerminalDeps = Pick<RouteDeps, 'terminals' | 'closing' | 'patience'>;

export function addTerminal(app: App, { terminals, closing, patience }: TerminalDeps): void {
  const opened = new Map<FastifyRequest, AttachedTerminal>();

  /** Every end of the connection, also one before the terminal is joined to it, ends the terminal. */
  function closeWith(request: FastifyRequest, terminal: AttachedTerminal): void {
    const { socket } = request.raw;
    const close = (): void => void terminal.close().finally(() => opened.delete(request));
    if (socket.destroyed) close();
    else socket.once('close', close);
  }

  app.route({
    method: 'GET',
    url: '/session/:workspace/terminal',
    exposeHeadRoute: false,
    schema,
    preHandler: async (request) => {
      // Before the upgrade, so that a refusal is an answer that every client can read.
      const { workspace } = request.params;
      if (!request.ws) {
        // A browser is not told why an upgrade was refused, and may ask the same without one.
        await terminals.check(workspace, toWish(request.query));
        throw new ProblemError(createProblem('upgrade_required', 'open a WebSocket on this path'));
      }
      const terminal = await terminals.open(workspace, toWish(request.query), whoOf(request));
      opened.set(request, terminal);
      closeWith(request, terminal);
    },
    handler: () => {
      throw new Error('a terminal was opened without a WebSocket');
    },
    wsHandler: (socket, request) => {
      const terminal = opened.get(request);
      if (terminal === undefined) throw new Error('a WebSocket without a terminal');
      const { write, ...size } = toWish(request.query);
      const { confirm: confirms = false } = request.query;
      joinTerminal({ socket, terminal, confirms, opened: { readOnly: !write, ...size }, closing, patience });
    },
  });
  app.addHook('onClose', async () => {
    await Promise.all([...opened.values()].map((terminal) => terminal.close()));
  });
}

function toWish({ write = false, columns, rows }: Static<typeof TerminalQuery>) {
  const { byDefault } = TERMINAL_BOUNDS;
  return { write, columns: columns ?? byDefault.columns, rows: rows ?? byDefault.rows };
}
