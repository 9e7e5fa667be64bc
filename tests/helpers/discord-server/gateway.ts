import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Json, toUser, type World } from './world.ts';

export interface GatewaySettings {
  readonly token: string;
  readonly heartbeatMs: number;
  /** Whether the bot may read what people write: a switch in the developer portal. */
  mayReadContent: boolean;
}

/** The side of Discord that tells. */
export interface FakeGateway {
  /** What clients asked to begin: `identify`, `resume`, `resumed`. */
  readonly log: readonly string[];
  /** Connections that get what happens. */
  live(): number;
  /** Closes all connections; 0: cut without a word. */
  drop(code: number): void;
  /** Asks all to come again (op 7). */
  askToReconnect(): void;
  /** No session of before can be gone on with. */
  forgetSessions(): void;
  tell(type: string, data: Json): void;
  close(): void;
}

interface Session {
  readonly id: string;
  readonly events: { readonly op: 0; readonly t: string; readonly s: number; readonly d: Json }[];
  socket: WebSocket | null;
}

const MESSAGE_CONTENT = 1 << 15;
const GUILD_MESSAGES = 1 << 9;
const GUILDS = 1;

export function createFakeGateway(
  http: Server,
  world: World,
  url: () => string,
  settings: GatewaySettings,
): FakeGateway {
  const server = new WebSocketServer({ server: http });
  const sessions = new Map<string, Session>();
  const log: string[] = [];

  function dispatch(session: Session, t: string, d: Json): void {
    const event = { op: 0 as const, t, s: session.events.length + 1, d };
    session.events.push(event);
    session.socket?.send(JSON.stringify(event));
  }

  function identify(socket: WebSocket, { token, intents }: Json): Session | null {
    log.push('identify');
    if (token !== settings.token) return refuse(socket, 4004);
    const asked = Number(intents);
    if ((asked & GUILDS) === 0 || (asked & GUILD_MESSAGES) === 0) return refuse(socket, 4013);
    if ((asked & MESSAGE_CONTENT) === 0 || !settings.mayReadContent) return refuse(socket, 4014);
    const session: Session = { id: randomUUID(), events: [], socket };
    sessions.set(session.id, session);
    const { bot, guildId } = world;
    dispatch(session, 'READY', {
      v: 10,
      user: toUser(bot),
      guilds: world.kicked ? [] : [{ id: guildId, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: url(),
      application: { id: bot.id, flags: 0 },
    });
    if (!world.kicked) dispatch(session, 'GUILD_CREATE', world.toGuild());
    return session;
  }

  function resume(socket: WebSocket, { token, session_id: id, seq }: Json): Session | null {
    log.push('resume');
    if (token !== settings.token) return refuse(socket, 4004);
    const session = sessions.get(String(id));
    if (session === undefined) {
      socket.send(JSON.stringify({ op: 9, d: false }));
      return null;
    }
    if (Number(seq) > session.events.length) return refuse(socket, 4007);
    session.socket = socket;
    for (const event of session.events.filter(({ s }) => s > Number(seq))) socket.send(JSON.stringify(event));
    dispatch(session, 'RESUMED', {});
    log.push('resumed');
    return session;
  }

  server.on('connection', (socket) => {
    let session: Session | null = null;
    // A client that does not beat is taken for dead.
    const beat = (): NodeJS.Timeout => setTimeout(() => socket.close(4009), settings.heartbeatMs * 3);
    let watch = beat();
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: settings.heartbeatMs } }));
    socket.on('message', (data: Buffer) => {
      const packet = parse(data);
      if (packet === null) return socket.close(4002);
      if (packet.op === 1) {
        clearTimeout(watch);
        watch = beat();
        socket.send(JSON.stringify({ op: 11 }));
      } else if (packet.op === 2 || packet.op === 6) {
        if (session !== null) return socket.close(4005);
        session = (packet.op === 2 ? identify : resume)(socket, packet.d);
      } else socket.close(session === null ? 4003 : 4001);
    });
    socket.on('close', () => {
      clearTimeout(watch);
      if (session?.socket === socket) session.socket = null;
    });
    socket.on('error', () => {});
  });

  const live = (): readonly Session[] => [...sessions.values()].filter(({ socket }) => socket !== null);
  return {
    log,
    live: () => live().length,
    drop(code) {
      for (const socket of server.clients) code === 0 ? socket.terminate() : socket.close(code);
    },
    askToReconnect() {
      for (const { socket } of live()) socket?.send(JSON.stringify({ op: 7, d: null }));
    },
    forgetSessions: () => sessions.clear(),
    tell(type, data) {
      for (const session of sessions.values()) dispatch(session, type, data);
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function refuse(socket: WebSocket, code: number): null {
  socket.close(code);
  return null;
}

function parse(data: Buffer): { readonly op: number; readonly d: Json } | null {
  try {
    return JSON.parse(data.toString()) as { readonly op: number; readonly d: Json };
  } catch {
    return null;
  }
}
