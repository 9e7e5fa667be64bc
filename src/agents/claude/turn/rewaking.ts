import { readGroups } from '../../processes/command-lines.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { OtherSettings } from '../../program/files/other-settings.ts';

/** Hooks of somebody else's settings that go on behind their event, and wake the agent again by their exit code
 *  (`asyncRewake`). No agent hook and no line of the transcript tells that one runs: its process does. */
export interface Rewaking {
  /** A turn begins: a hook of it may run and be over before anybody looks. */
  begin(): void;
  /** One runs, or was over a moment ago and may have woken the agent. */
  mayWake(): Promise<boolean>;
}

export interface RewakingParts {
  readonly files: Pick<AgentFiles, 'readOtherSettings'>;
  /** Of the workspace. */
  readonly cwd: string;
  /** The agent's program; null when nobody knows it. */
  readonly agent: ProcessMark | null;
  /** Of an agent that is adopted, one may have been over a moment before. */
  readonly origin: 'started' | 'resumed' | 'adopted' | 'deaf';
  /** The command lines of what this process started in groups of their own. */
  readonly list?: (parent: number) => Promise<readonly string[]>;
  /** In milliseconds. */
  readonly now?: () => number;
}

interface Hook {
  readonly command: string;
  readonly timeoutMs: number;
}

/** From the end of a hook to the report of what it says it takes some 0.1 s. */
const WAKES_WITHIN_MS = 2_000;
/** Of a hook without one of its own, in the CLI. */
const TIMEOUT_MS = 600_000;
/** The CLI ends a hook at its time; one that it does not end holds nothing any more. */
const LATE_MS = 5_000;

export function createRewaking(parts: RewakingParts): Rewaking {
  const { files, cwd, agent, origin, list = readGroups, now = () => performance.now() } = parts;
  /** Since and until when one may run that was seen at the last look. */
  let running: { readonly since: number; readonly until: number } | null = null;
  let seenAt = -Infinity;
  /** Nobody has looked yet for what a turn began. */
  let isUnseen = origin === 'adopted';

  /** Null when there is none that could run. @throws when nobody can look */
  async function findRunning(): Promise<readonly Hook[] | null> {
    if (agent === null) return null;
    const hooks = (await files.readOtherSettings(cwd)).flatMap(rewakingHooks);
    if (hooks.length === 0) return null;
    const lines = await list(agent.pid);
    return hooks.filter(({ command }) => lines.some((line) => line.includes(command)));
  }

  return {
    begin: () => void (isUnseen = true),
    async mayWake() {
      const found = await findRunning().catch((): 'unknown' => 'unknown');
      if (found === null) return false;
      if (isUnseen) seenAt = now();
      isUnseen = false;
      if (found === 'unknown' && running !== null) return now() <= running.until;
      if (found === 'unknown' || found.length === 0) {
        running = null;
        return now() - seenAt < WAKES_WITHIN_MS;
      }
      const since = running?.since ?? now();
      running = { since, until: since + Math.max(...found.map(({ timeoutMs }) => timeoutMs)) + LATE_MS };
      if (now() > running.until) return false;
      seenAt = now();
      return true;
    },
  };
}

function rewakingHooks({ settings }: OtherSettings): readonly Hook[] {
  const groups = Object.values({ ...(settings['hooks'] as object | undefined) }).flat();
  return groups
    .flatMap((group: unknown) => asObject(group)['hooks'] ?? [])
    .map(asObject)
    .filter((hook) => hook['asyncRewake'] === true)
    .map(({ command, args, timeout }) => ({
      command: findPlain([command, ...(Array.isArray(args) ? args : [])].join(' ')),
      timeoutMs: typeof timeout === 'number' ? timeout * 1_000 : TIMEOUT_MS,
    }))
    .filter(({ command }) => command !== '');
}

/** The longest part of a command that stands in its process as it is written: a shell replaces quotes and variables. */
function findPlain(command: string): string {
  const parts = command.split(/[\s"'`\\;&|<>()~]|\$\{?\w+\}?/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
