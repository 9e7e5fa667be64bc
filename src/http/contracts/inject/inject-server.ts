import type { AddressInfo } from 'node:net';
import type { Log } from '../../../core/ports/log.ts';
import type { App } from '../../answers/app.ts';
import { acceptJsonBodies } from '../../answers/json/body.ts';
import { answerUnknownRoutes } from '../../answers/unknown-routes.ts';
import { createApp } from '../../answers/create-app.ts';
import { keepBoundary } from '../../door/boundary.ts';
import { trackConnections } from '../../door/connections.ts';
import { keepThreadIds } from './exact-ids.ts';
import { addInject, type InjectDeps } from './inject.ts';
import { LOCAL_ONLY } from './local-only.ts';

export interface InjectServer {
  /** Rejects when the port is taken. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Lets answers under way out, and ends every connection. */
  close(): Promise<void>;
}

export interface InjectSettings {
  /** On loopback. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Shares the port with other sockets of this user (SO_REUSEPORT). */
  readonly reusePort?: boolean;
}

export interface InjectServerDeps {
  readonly gateway: InjectDeps;
  readonly settings: InjectSettings;
  readonly log: Log;
}

/** The injection API, a listener of its own. */
export async function createInjectServer({ gateway, settings, log }: InjectServerDeps): Promise<InjectServer> {
  const closing = new AbortController();
  const app = createApp(log);
  logRequests(app, log);
  acceptJsonBodies(app, keepThreadIds);
  answerUnknownRoutes(app, ' of the injection API: POST /inject, GET /sessions and GET /health are');
  const connections = trackConnections(app, closing.signal);
  keepBoundary(app, LOCAL_ONLY);
  addInject(app, gateway);
  await app.ready();
  const { host, port, reusePort = false } = settings;
  return {
    async listen() {
      // Fastify hands on what it does not know.
      const options = { host, port, reusePort };
      await app.listen(options);
      return { host, port: (app.server.address() as AddressInfo).port };
    },
    close() {
      closing.abort();
      return connections.close();
    },
  };
}

function logRequests(app: App, log: Log): void {
  app.addHook('onResponse', async ({ method, routeOptions: { url: route = null } }, reply) => {
    log.info({ method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'inject.request');
  });
}
