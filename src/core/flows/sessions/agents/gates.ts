/** While somebody has a workspace to themselves, no agent is started or handed out there. */
export interface Gates {
  /** Resolves when it opens; null while it is open. */
  closed(workspace: string): Promise<void> | null;
  /** Runs `work` while the gate is closed to all others. */
  exclusive<T>(workspace: string, work: () => Promise<T>): Promise<T>;
}

export function createGates(): Gates {
  const gates = new Map<string, Promise<void>>();

  return {
    closed: (workspace) => gates.get(workspace) ?? null,
    async exclusive(workspace, work) {
      while (gates.has(workspace)) await gates.get(workspace);
      const gate = Promise.withResolvers<void>();
      gates.set(workspace, gate.promise);
      try {
        return await work();
      } finally {
        gates.delete(workspace);
        gate.resolve();
      }
    },
  };
}
