import { GatewayError } from '../../model/errors.ts';
import type { SessionRecord } from '../../model/session.ts';
import { checkWorkspaceName } from '../../model/workspace.ts';
import type { Store } from '../../ports/store.ts';

/** @throws GatewayError `invalid_field`, `not_found` */
export async function requireSession(store: Store, workspace: string): Promise<SessionRecord> {
  checkWorkspaceName(workspace);
  const session = await store.readSession(workspace);
  if (session === null) throw unknownSession(workspace);
  return session;
}

export function unknownSession(workspace: string): GatewayError {
  return new GatewayError('not_found', `Session not found: ${workspace}`);
}
