import type { ClientBase } from 'pg';
import { GatewayError } from '../../../core/model/errors.ts';

/** The first server version that is too new to be refused. */
const VERSION_MIN = 140_000;

interface Settings {
  readonly version: number;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly encoding: string;
  readonly is_standby: boolean;
}

/** A server that acknowledges what a power cut could take away is no place for what was accepted.
 *  @throws GatewayError with the way out */
export async function mustBeSafe(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Settings>(`SELECT
    current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
    current_setting('synchronous_commit') AS synchronous_commit, current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() AS is_standby`);
  const [settings] = rows;
  const fault = settings === undefined ? null : findFault(settings);
  if (fault !== null) throw new GatewayError('internal', `DATABASE_URL: ${fault}`);
  if (settings?.is_standby === true) throw new GatewayError('storage_unavailable', 'DATABASE_URL: it is a standby');
}

function findFault({ version, fsync, synchronous_commit: commit, encoding }: Settings): string | null {
  if (version < VERSION_MIN) return `Postgres 14 or later is needed, this is ${Math.floor(version / 10_000)}`;
  if (fsync !== 'on') return 'the server runs with fsync=off and would lose what it acknowledged: turn it on';
  if (commit === 'off')
    return (
      'synchronous_commit is off, so a crash of the server would lose what was accepted: ' +
      'ALTER ROLE … SET synchronous_commit = on, or wherever it is turned off'
    );
  return encoding === 'UTF8' ? null : `the database has the encoding ${encoding}: create it with UTF8`;
}

/** What keeps a gateway that hangs, or whose host is gone, from holding up the next one. */
export async function setLimits(client: ClientBase): Promise<void> {
  await client.query(`SET idle_in_transaction_session_timeout = '15s'; SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`);
}
