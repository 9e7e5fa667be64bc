import { GatewayError } from '../../../src/core/model/errors.ts';
import type { QuickApi } from '../../../src/core/ports/quick/quick.ts';

/** As where quick tasks are not configured. */
export function createFakeQuick(): QuickApi {
  const refuse = async (): Promise<never> => {
    throw new GatewayError('quick_off', 'set REPOS_ROOT and WORKTREES_ROOT');
  };
  return {
    start: refuse,
    send: refuse,
    list: refuse,
    read: refuse,
    readMessages: refuse,
    delete: refuse,
    diff: refuse,
    publish: refuse,
  };
}
