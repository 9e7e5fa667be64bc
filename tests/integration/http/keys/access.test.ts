import { describe, expect, test } from '@jest/globals';
import { type Scope, SCOPES } from '../../../../src/core/model/keys/key.ts';
import { ACCESS } from '../../../../src/http/door/access.ts';
import type { App } from '../../../../src/http/answers/app.ts';
import { createApp } from '../../../../src/http/answers/create-app.ts';
import { guardRoutes } from '../../../../src/http/door/guard.ts';
import { createTickets } from '../../../../src/http/door/tickets.ts';
import { acceptWebSockets } from '../../../../src/http/sockets/websockets.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';
import { createMemoryLog, KEY } from '../../../helpers/http-server.ts';
import { type Call, fill, type KeysHouse, openKeysHouse, OWN, toSettings } from './keys-house.ts';

/** How each route of the table is called: with the ids of things that are there. A route that is not here fails. */
function callOf(route: string, ids: Ids): Call {
  const [method = '', url = ''] = route.split(' ');
  const path = url
    .replace(':requestId', ids.request)
    .replace(':workspace', ids.workspace)
    .replace('/approvals/:id', `/approvals/${ids.approval}`)
    .replace('/deliveries/:id', `/deliveries/${ids.delivery}`)
    .replace('/quick/sessions/:id', `/quick/sessions/${ids.quick}`)
    .replace('/quick/ws/sessions/:id', `/quick/ws/sessions/${ids.quick}`)
    .replace(/\/(keys|webhooks)\/:id/, '/$1/none');
  const body = BODIES[route]?.(ids);
  return { method, path, ...(body !== undefined && { body }), isSocket: SOCKETS.has(route) };
}

interface Ids {
  readonly workspace: string;
  readonly request: string;
  readonly approval: string;
  readonly delivery: string;
  readonly quick: string;
}

const SOCKETS = new Set(['GET /stream', 'GET /ws', 'GET /session/:workspace/terminal', 'GET /quick/ws/sessions/:id']);

const BODIES: Readonly<Record<string, (ids: Ids) => object>> = {
  'POST /execute': ({ workspace }) => ({ workspace, command: 'x' }),
  'POST /session/create': ({ workspace }) => ({ workspace }),
  'POST /approvals/:id': () => ({ decision: 'deny' }),
  'POST /api/task': () => ({ task_id: 'T', command: 'x' }),
  'POST /quick/sessions/start': () => ({ repo: 'o/r' }),
  'POST /quick/sessions/:id/message': () => ({ content: 'x' }),
  'POST /webhooks': () => ({ url: 'https://example.org/hook', events: ['request.completed'] }),
  'POST /keys': () => ({ name: 'x', scopes: ['read'] }),
};

/** What each route needs, said once more by hand: the table of the door is not proven by itself. */
const NEEDS: Readonly<Record<string, readonly [Scope | 'any', 'one workspace' | 'lists' | 'everything']>> = {
  'POST /execute': ['execute', 'one workspace'],
  'GET /status/:requestId': ['read', 'one workspace'],
  'GET /status/:requestId/output': ['read', 'one workspace'],
  'GET /status/:requestId/events': ['read', 'one workspace'],
  'POST /status/:requestId/cancel': ['execute', 'one workspace'],
  'GET /requests': ['read', 'lists'],
  'GET /sessions': ['read', 'lists'],
  'GET /session/:workspace': ['read', 'one workspace'],
  'POST /session/create': ['sessions', 'one workspace'],
  'DELETE /session/:workspace': ['sessions', 'one workspace'],
  'GET /session/:workspace/screen': ['terminal', 'one workspace'],
  'GET /session/:workspace/terminal': ['terminal', 'one workspace'],
  'GET /approvals': ['read', 'lists'],
  'GET /approvals/:id': ['read', 'one workspace'],
  'POST /approvals/:id': ['approve', 'one workspace'],
  'GET /deliveries': ['read', 'lists'],
  'POST /deliveries/:id/retry': ['execute', 'one workspace'],
  'GET /stream': ['read', 'lists'],
  'POST /stream-tickets': ['any', 'lists'],
  'GET /usage': ['read', 'lists'],
  'GET /health': ['any', 'lists'],
  'GET /metrics': ['read', 'everything'],
  'GET /status': ['read', 'one workspace'],
  'POST /api/task': ['execute', 'one workspace'],
  'GET /ws': ['execute', 'one workspace'],
  'POST /quick/sessions/start': ['execute', 'everything'],
  'GET /quick/sessions': ['read', 'lists'],
  'GET /quick/sessions/:id': ['read', 'one workspace'],
  'GET /quick/sessions/:id/diff': ['read', 'one workspace'],
  'POST /quick/sessions/:id/message': ['execute', 'one workspace'],
  'POST /quick/sessions/:id/publish': ['execute', 'one workspace'],
  'DELETE /quick/sessions/:id': ['execute', 'one workspace'],
  'GET /quick/ws/sessions/:id': ['execute', 'one workspace'],
  'POST /webhooks': ['admin', 'lists'],
  'GET /webhooks': ['admin', 'lists'],
  'DELETE /webhooks/:id': ['admin', 'lists'],
  'POST /webhooks/:id/test': ['admin', 'lists'],
  'POST /webhooks/:id/rotate': ['admin', 'lists'],
  'GET /audit': ['admin', 'lists'],
  'POST /keys': ['admin', 'lists'],
  'GET /keys': ['admin', 'lists'],
  'POST /keys/:id/rotate': ['admin', 'lists'],
  'DELETE /keys/:id': ['admin', 'lists'],
};

const ROUTES = Object.keys(NEEDS);
const REFUSED = [401, 403, 404];
/** Ids of nothing. */
const NONE: Ids = {
  workspace: 'nowhere',
  request: 'req-none',
  approval: 'apr-none',
  delivery: 'msg_none',
  quick: 'quick-1',
};

/** The workspaces of a key that owns what the house holds. */
const MINE: readonly string[] = [OWN.workspace, OWN.bot, OWN.quick];

async function openFilled(): Promise<{ readonly house: KeysHouse; readonly ids: Ids } & AsyncDisposable> {
  // Its agents are for ever about to start: what waits has events to come.
  const house = await openKeysHouse({}, { open: () => new Promise(() => {}) });
  const delivery = await fill(house.store);
  await house.house.start();
  const { workspace, approval, quick } = OWN;
  // One that has events to come: a stream of it stays.
  const ids = { workspace, approval, quick, delivery, request: OWN.queued };
  return { house, ids, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

async function keyOf(house: KeysHouse, scope: Scope, workspaces: readonly string[]): Promise<string> {
  return (await house.makeKey({ scopes: [scope], ...(scope !== 'admin' && { workspaces }) })).key;
}

test('every route that needs a key is in the matrix, and the matrix knows no other', async () => {
  await using house = await openKeysHouse();
  expect(ROUTES.toSorted()).toEqual(Object.keys(ACCESS).toSorted());
  const missing = ROUTES.filter((route) => {
    const [method, url = ''] = route.split(' ');
    return !house.server.app.hasRoute({ method: method as 'GET', url });
  });
  expect(missing).toEqual([]);
});

test('a route of which nobody has said who may use it does not start', async () => {
  await using house = await openKeysHouse();
  const app = await openGuarded(house);
  expect(() => app.get('/new', async () => 'x')).toThrow('who may use GET /new? say it in src/http/door/access.ts');
  await app.close();
});

/** The door alone, before any route. */
async function openGuarded({ house }: KeysHouse): Promise<App> {
  const log = createMemoryLog([]);
  const app = createApp(log);
  await acceptWebSockets(app, log);
  const tickets = createTickets(createFakeClock());
  await guardRoutes(app, {
    settings: toSettings(),
    keys: house.api.keys,
    audit: house.api.audit,
    tickets,
    log,
    publicPages: [],
  });
  return app;
}

describe.each(ROUTES)('%s', (route) => {
  const [needed, about] = NEEDS[route] ?? ['any', 'lists'];

  test('nobody comes in without a key, nor with a wrong one', async () => {
    await using filled = await openFilled();
    const call = callOf(route, filled.ids);
    expect((await filled.house.ask(call, null)).status).toBe(401);
    expect((await filled.house.ask(call, `gh_0123456789abcdef_${'x'.repeat(43)}`)).status).toBe(401);
  });

  test('a key of the workspace without the scope is refused with 403, and with it it comes in', async () => {
    await using filled = await openFilled();
    const { house, ids } = filled;
    const lacking = SCOPES.filter((scope) => scope !== needed && scope !== 'admin' && needed !== 'any');
    for (const scope of lacking) {
      const answer = await house.ask(callOf(route, ids), await keyOf(house, scope, MINE));
      expect([scope, answer.status]).toEqual([scope, 403]);
      expect(answer.text).toContain(`"detail":"this key lacks the scope ${needed}"`);
    }
    if (needed === 'admin') return;
    const answer = await house.ask(callOf(route, ids), await keyOf(house, needed === 'any' ? 'approve' : needed, MINE));
    if (about === 'everything') expect(answer.status).toBe(403);
    else if (route !== 'GET /status/:requestId/output') expect(REFUSED).not.toContain(answer.status);
    else expect(answer.text).toContain('no output yet');
  });

  test('an admin comes in', async () => {
    await using filled = await openFilled();
    const { house, ids } = filled;
    const isOfNothing = /\/(keys|webhooks)\/:id/.test(route);
    for (const key of [KEY, await keyOf(house, 'admin', [])]) {
      const { status } = await house.ask(callOf(route, ids), key);
      // The first may have ended what the second asks for.
      expect(
        isOfNothing || key !== KEY ? [401, 403] : [401, 403, ...(route.endsWith('/output') ? [] : [404])],
      ).not.toContain(status);
    }
  });

  if (about !== 'one workspace') return;

  test('what is of another workspace is 404 whatever the scope, in the words for what is nowhere', async () => {
    await using filled = await openFilled();
    const { house, ids } = filled;
    for (const scope of SCOPES.filter((one) => one !== 'admin')) {
      const key = await keyOf(house, scope, ['theirs', 'mine-*', 'quick-1_*']);
      const foreign = await house.ask(callOf(route, ids), key);
      const none = await house.ask(callOf(route, NONE), key);
      expect([scope, foreign.status, none.status]).toEqual([scope, 404, 404]);
      expect(without(foreign.text, ids)).toBe(without(none.text, NONE));
    }
  });
});

function without(text: string, ids: Ids): string {
  return Object.values(ids).reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
}
