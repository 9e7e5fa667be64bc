import type { Notice } from '../../../core/ports/agent.ts';
import { toSummary } from './tool-summary.ts';

/** The uses of tools in a turn: each begin and each end is told once, and no end without its begin. */
export interface ToldTools {
  start(id: string | null, tool: string, input: Readonly<Record<string, unknown>>, subagent: string | null): void;
  end(id: string | null, ok: boolean, ms: number | null): void;
  /** An earlier process told this much. */
  restore(told: readonly Notice[]): void;
}

export function createToldTools(noticed: (notice: Notice) => void): ToldTools {
  /** By the id of the use. */
  const started = new Map<string, string>();
  const ended = new Set<string>();
  return {
    start(id, tool, input, subagent) {
      if (id === null || started.has(id)) return;
      started.set(id, tool);
      noticed({ type: 'tool.started', data: { toolUseId: id, tool, summary: toSummary(input), subagent } });
    },
    end(id, ok, ms) {
      const tool = started.get(id ?? '');
      if (id === null || tool === undefined || ended.has(id)) return;
      ended.add(id);
      noticed({ type: 'tool.ended', data: { toolUseId: id, tool, ok, ms } });
    },
    restore(told) {
      for (const { type, data } of told) {
        const id = String(data['toolUseId']);
        if (type === 'tool.started') started.set(id, String(data['tool']));
        if (type === 'tool.ended') ended.add(id);
      }
    },
  };
}
