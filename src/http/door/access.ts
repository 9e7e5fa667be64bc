import type { FastifyRequest } from 'fastify';
import { mayDo, type Scope } from '../../core/model/keys/key.ts';
import type { KeysApi, Thing } from '../../core/ports/keys/keys.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';
import type { Caller } from './caller.ts';

/** What a route needs, and whose it is. */
export interface Access {
  /** Null: any valid key will do. */
  readonly scope: Scope | null;
  readonly of: Subject;
}

/** Where a request says what it is about:
 *  `nothing`: it is about no workspace, or shows those of the caller only (a list, which asks `reachOf`).
 *  `everything`: it is about more than some workspaces, so a key that has only those may not.
 *  `bot`: BOT_WORKSPACE. The others name a field of the path or of the body. */
type Subject =
  | 'nothing'
  | 'everything'
  | 'bot'
  | 'path workspace'
  | 'body workspace'
  | 'path request'
  | 'path approval'
  | 'path delivery'
  | 'path quick session';

/** Every route that needs a key. A route that is not here does not start. */
export const ACCESS: Readonly<Record<string, Access>> = {
  'POST /execute': { scope: 'execute', of: 'body workspace' },
  'GET /status/:requestId': { scope: 'read', of: 'path request' },
  'GET /status/:requestId/output': { scope: 'read', of: 'path request' },
  'GET /status/:requestId/events': { scope: 'read', of: 'path request' },
  'POST /status/:requestId/cancel': { scope: 'execute', of: 'path request' },
  'GET /requests': { scope: 'read', of: 'nothing' },

  'GET /sessions': { scope: 'read', of: 'nothing' },
  'GET /session/:workspace': { scope: 'read', of: 'path workspace' },
  'POST /session/create': { scope: 'sessions', of: 'body workspace' },
  'DELETE /session/:workspace': { scope: 'sessions', of: 'path workspace' },
  'GET /session/:workspace/screen': { scope: 'terminal', of: 'path workspace' },
  'GET /session/:workspace/terminal': { scope: 'terminal', of: 'path workspace' },

  'GET /approvals': { scope: 'read', of: 'nothing' },
  'GET /approvals/:id': { scope: 'read', of: 'path approval' },
  'POST /approvals/:id': { scope: 'approve', of: 'path approval' },

  'GET /deliveries': { scope: 'read', of: 'nothing' },
  'POST /deliveries/:id/retry': { scope: 'execute', of: 'path delivery' },

  // What they name is looked at where it is followed: it may come in a frame.
  'GET /stream': { scope: 'read', of: 'nothing' },
  'POST /stream-tickets': { scope: null, of: 'nothing' },

  'GET /usage': { scope: 'read', of: 'nothing' },
  'GET /health': { scope: null, of: 'nothing' },
  'GET /metrics': { scope: 'read', of: 'everything' },

  'GET /status': { scope: 'read', of: 'bot' },
  'POST /api/task': { scope: 'execute', of: 'bot' },
  'GET /ws': { scope: 'execute', of: 'bot' },

  // A new session is a workspace whose name nobody can foresee.
  'POST /quick/sessions/start': { scope: 'execute', of: 'everything' },
  'GET /quick/sessions': { scope: 'read', of: 'nothing' },
  'GET /quick/sessions/:id': { scope: 'read', of: 'path quick session' },
  'GET /quick/sessions/:id/diff': { scope: 'read', of: 'path quick session' },
  'POST /quick/sessions/:id/message': { scope: 'execute', of: 'path quick session' },
  'POST /quick/sessions/:id/publish': { scope: 'execute', of: 'path quick session' },
  'DELETE /quick/sessions/:id': { scope: 'execute', of: 'path quick session' },
  'GET /quick/ws/sessions/:id': { scope: 'execute', of: 'path quick session' },

  'POST /webhooks': { scope: 'admin', of: 'nothing' },
  'GET /webhooks': { scope: 'admin', of: 'nothing' },
  'DELETE /webhooks/:id': { scope: 'admin', of: 'nothing' },
  'POST /webhooks/:id/test': { scope: 'admin', of: 'nothing' },
  'POST /webhooks/:id/rotate': { scope: 'admin', of: 'nothing' },

  'GET /audit': { scope: 'admin', of: 'nothing' },

  'POST /keys': { scope: 'admin', of: 'nothing' },
  'GET /keys': { scope: 'admin', of: 'nothing' },
  'POST /keys/:id/rotate': { scope: 'admin', of: 'nothing' },
  'DELETE /keys/:id': { scope: 'admin', of: 'nothing' },
};

export function accessOf(method: string, route: string): Access | undefined {
  return ACCESS[`${method === 'HEAD' ? 'GET' : method} ${route}`];
}

export interface AdmitDeps {
  readonly keys: Pick<KeysApi, 'mustReach'>;
  readonly botWorkspace: string;
}

/** What a key does not reach is not there for it, whatever else it may do; only then it is told what it lacks.
 *  @throws GatewayError `not_found`, ProblemError `scope_missing` */
export async function admit(
  { keys, botWorkspace }: AdmitDeps,
  request: FastifyRequest,
  { scopes, reach }: Caller,
  { scope, of }: Access,
): Promise<void> {
  const thing = toThing(of, request, botWorkspace);
  if (thing !== null) await keys.mustReach(reach, thing);
  if (scope !== null && !mayDo(scopes, scope)) throw refuse(`this key lacks the scope ${scope}`);
  if (of === 'everything' && reach !== null)
    throw refuse('this key is kept to some workspaces, and this is beyond them');
}

/** Of what a request is about, where it names it; null: it names none, or a thing of one. */
export function workspaceOf({ of }: Access, request: FastifyRequest, botWorkspace: string): string | null {
  const thing = toThing(of, request, botWorkspace);
  return thing?.kind === 'workspace' ? thing.id : null;
}

function toThing(of: Subject, { params, body }: FastifyRequest, botWorkspace: string): Thing | null {
  const path = params as Readonly<Record<string, string | undefined>>;
  switch (of) {
    case 'nothing':
    case 'everything':
      return null;
    case 'bot':
      return { kind: 'workspace', id: botWorkspace };
    case 'path workspace':
      return { kind: 'workspace', id: path['workspace'] ?? '' };
    case 'body workspace':
      return { kind: 'workspace', id: (body as { readonly workspace: string }).workspace };
    case 'path request':
      return { kind: 'request', id: path['requestId'] ?? '' };
    case 'path approval':
      return { kind: 'approval', id: path['id'] ?? '' };
    case 'path delivery':
      return { kind: 'delivery', id: path['id'] ?? '' };
    case 'path quick session':
      return { kind: 'workspace', id: path['id'] ?? '' };
  }
}

function refuse(detail: string): ProblemError {
  return new ProblemError(createProblem('scope_missing', detail));
}
