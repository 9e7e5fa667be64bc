import type { AgentRule } from '../../../core/model/approval.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { modeIn } from '../../program/settings/session-settings.ts';
import type { Terminal } from '../screen/terminal.ts';

/** In which permission mode an agent is, and in which a prompt of the gateway runs. Its hooks tell the truth, when something
 *  happens; its screen shows at any time what may be one. */
export interface Modes {
  /** In which every prompt of the gateway runs. */
  readonly configured: string;
  /** As far as it is known; null when nobody told yet. */
  readonly now: string | null;
  /** Takes what an agent hook tells of it. */
  hear(payload: HookPayload): void;
  /** Takes what the screen shows; null when it shows none. */
  see(shown: string | null): void;
  /** Whether a prompt that is reported in this mode may run. */
  admits(mode: string | null): boolean;
  /** What was allowed with `remember` may have been another mode. */
  remember(rules: readonly AgentRule[]): void;
  /** Whether the screen shows what it shows in the configured mode, as far as that is known. */
  looksRight(shown: string | null): boolean;
  /** The last prompt was refused because it came in this one. */
  readonly told: string | null;
  /** The agent is, or seems to be, in this other mode; null when it is in the configured one. */
  readonly astray: string | null;
}

/** `isFresh`: its agent was just started in that mode, so what its screen shows at first is no other one. */
export function createModes(given: string, isFresh = false): Modes {
  let configured = given;
  let now: string | null = null;
  let told: string | null = null;
  let shown: string | null = null;
  /** What the screen showed when the agent last told that it is in the configured mode. */
  let trusted: string | null = null;
  let isUnproven = isFresh;

  return {
    get configured() {
      return configured;
    },
    get now() {
      return now;
    },
    hear({ permission_mode: mode, agent_id: subagent }) {
      if (mode !== null && subagent === null) now = mode;
    },
    see(mode) {
      shown = mode;
      if (mode !== null && (mode !== trusted || mode === configured)) now = mode;
    },
    admits(mode) {
      isUnproven = false;
      const isAdmitted = mode === null || mode === configured;
      told = isAdmitted ? null : mode;
      if (isAdmitted) trusted = shown;
      return isAdmitted;
    },
    remember(rules) {
      configured = modeIn(rules) ?? configured;
    },
    looksRight: (mode) => mode === null || mode === configured || mode === trusted,
    get told() {
      return told;
    },
    get astray() {
      if (told !== null) return told;
      return isUnproven || shown === null || shown === trusted || shown === configured ? null : shown;
    },
  };
}

const SEEN_FOR_MS = 1_000;

/** Looks at the screen for a mode that a person has set; however many ask within a second, once. */
export function createModeLook({ look }: Pick<Terminal, 'look'>, modes: Modes): () => Promise<string | null> {
  let seen: Promise<void> = Promise.resolve();
  let seenAt = -Infinity;
  return async () => {
    if (performance.now() - seenAt > SEEN_FOR_MS) {
      seenAt = performance.now();
      seen = see();
    }
    await seen.catch(() => {});
    return modes.now;
  };

  async function see(): Promise<void> {
    modes.see((await look())?.mode ?? null);
  }
}
