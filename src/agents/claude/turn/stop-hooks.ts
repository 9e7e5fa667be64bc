import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { OtherSettings } from '../../program/files/other-settings.ts';

/** Who beside the gateway hears of a Stop. Whoever does may hold the agent back, so an end counts only when the CLI is
 *  through with all of them, which its transcript tells some 0.1 s late. Where nobody else is, it counts at once. */
export interface StopHooks {
  /** Whether anybody else may be there. `isQuiet`: no tool was used in the turn; one may add hooks of its own. */
  mayHold(isQuiet: boolean): Promise<boolean>;
  /** What ran at a Stop, each by its command or address, as the CLI noted it. */
  learn(ran: readonly string[] | null): Promise<void>;
  /** Somebody else did something in the session. */
  doubt(): void;
}

const OURS = /^http:\/\/127\.0\.0\.1:\d+\/agent-hooks$/;

export function createStopHooks(files: Pick<AgentFiles, 'readOtherSettings'>, cwd: string): StopHooks {
  /** Nobody else was there, with these plugins. Null: somebody was, or nobody knows. */
  let alone: { readonly plugins: string } | null = null;

  return {
    async mayHold(isQuiet) {
      if (alone === null || !isQuiet) return true;
      const others = await files.readOtherSettings(cwd);
      return others.some(hasStopHook) || toPlugins(others) !== alone?.plugins;
    },
    async learn(ran) {
      alone = null;
      if (ran?.length === 1 && OURS.test(ran[0] ?? ''))
        alone = { plugins: toPlugins(await files.readOtherSettings(cwd)) };
    },
    doubt: () => void (alone = null),
  };
}

/** The CLI takes a change of its settings files while it runs. Which plugins are on is compared by itself. */
function hasStopHook({ source, settings }: OtherSettings): boolean {
  if (source === 'plugin') return false;
  const { Stop: groups } = (settings['hooks'] ?? {}) as { readonly Stop?: unknown };
  return groups !== undefined && !(Array.isArray(groups) && groups.length === 0);
}

function toPlugins(others: readonly OtherSettings[]): string {
  return JSON.stringify(others.map(({ settings }) => settings['enabledPlugins'] ?? null));
}
