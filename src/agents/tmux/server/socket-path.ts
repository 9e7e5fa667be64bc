import { createHash } from 'node:crypto';
import path from 'node:path';

export interface SocketPlace {
  /** Its real path. */
  readonly dataDir: string;
  /** Of the gateway's user, whatever HOME says. */
  readonly userHome: () => string;
  /** Null: the agents are of the gateway's own user. */
  readonly stewardSocket: string | null;
}

/** The shortest limit of a Unix socket's path, in bytes: that of macOS. Linux takes 107. */
const PATH_MAX_BYTES = 103;

/** Where the tmux server of one data folder has its socket, in a folder of its own: in the data folder; in the home of
 *  the user where that path is too long; beside the steward's socket where only the steward may reach the agents.
 *  @throws Error that names the variable to change. */
export function toSocketPath({ dataDir, userHome, stewardSocket }: SocketPlace): string {
  if (stewardSocket !== null) return path.join(path.dirname(stewardSocket), 'tmux', 'server');
  const own = path.join(dataDir, 'tmux', 'server');
  if (isFit(own)) return own;
  const instead = path.join(userHome(), '.gatehouse', `tmux-${toDigest(dataDir)}`, 'server');
  if (isFit(instead)) return instead;
  throw new Error(
    `DATA_DIR: ${dataDir} is too long for the socket of tmux (${PATH_MAX_BYTES} bytes): use a shorter one`,
  );
}

/** A comma ends the path in the variable by which tmux finds its own server. */
function isFit(socket: string): boolean {
  return Buffer.byteLength(socket) <= PATH_MAX_BYTES && !socket.includes(',');
}

/** The name that the socket of a data folder had in versions up to 0.1. */
export function toOldSocketName(dataDir: string): string {
  return `gatehouse-${toDigest(dataDir)}`;
}

function toDigest(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
}
