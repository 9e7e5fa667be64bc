import type { AgentRule } from '../../../core/model/approval.ts';
import { modeIn } from '../../program/settings/session-settings.ts';
import type { Line } from '../stream/line.ts';

/** In which permission mode the prompts of a session run: the one that it was started with, or what was allowed since with
 *  `remember`. */
export interface Modes {
  readonly wanted: string;
  /** The agent may be in another one, as behind a plan. */
  readonly isUnsure: boolean;
  hear(line: Line): void;
  remembered(rules: readonly AgentRule[]): void;
  /** It was set. */
  sure(): void;
}

const PLAN_TOOLS: ReadonlySet<string> = new Set(['EnterPlanMode', 'ExitPlanMode']);

export function createModes(configured: string): Modes {
  let wanted = configured;
  let isUnsure = false;
  return {
    get wanted() {
      return wanted;
    },
    get isUnsure() {
      return isUnsure;
    },
    hear(line) {
      if (line.kind === 'begun' && line.permissionMode !== null) isUnsure = line.permissionMode !== wanted;
      if (line.kind === 'blocks' && line.message.uses.some(({ tool }) => PLAN_TOOLS.has(tool))) isUnsure = true;
    },
    remembered(rules) {
      wanted = modeIn(rules) ?? wanted;
    },
    sure: () => void (isUnsure = false),
  };
}
