import type { FlowParts } from '../parts.ts';

/** The folders of workspaces, as far as they were looked at lately. The start of a turn looks for itself. */
export interface KnownFolders {
  /** Makes it when it is missing, and does not look again for a moment.
   *  @throws GatewayError as `Workspaces.ensure` */
  ensure(workspace: string): Promise<void>;
}

const KNOWN_MS = 1_000;

export function createKnownFolders({ workspaces, clock }: Pick<FlowParts, 'workspaces' | 'clock'>): KnownFolders {
  const known = new Set<string>();
  let since = clock.now();

  return {
    async ensure(workspace) {
      const now = clock.now();
      // All of them at once: nothing is to be remembered of each.
      if (now < since || now - since >= KNOWN_MS) {
        known.clear();
        since = now;
      }
      if (known.has(workspace)) return;
      await workspaces.ensure(workspace);
      known.add(workspace);
    },
  };
}
