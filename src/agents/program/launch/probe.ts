import { randomBytes } from 'node:crypto';
import type { ProbeOutcome } from '../../../core/ports/agent.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { KEPT_DAYS } from '../settings/session-settings.ts';
import { lastLines } from '../ending/last-lines.ts';

export interface ProbeParts {
  readonly tmux: Tmux;
  readonly bin: string;
  readonly cwd: string;
  /** Of the agent, with its credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const TIMEOUT_MS = 60_000;

/** One word from the model by `claude -p`, without tools, tries and traces. Runs in tmux, as all that an agent does. */
export async function probe({ tmux, bin, cwd, env, args }: ProbeParts, signal: AbortSignal): Promise<ProbeOutcome> {
  const session = `probe-${randomBytes(4).toString('hex')}`;
  // It deletes old conversations as any start does.
  const settings = JSON.stringify({ cleanupPeriodDays: KEPT_DAYS });
  const own = [
    '--settings',
    settings,
    '--no-session-persistence',
    '--strict-mcp-config',
    '--tools',
    '',
    '--max-turns',
    '1',
  ];
  await tmux.ensureServer();
  await tmux.open({
    session,
    cwd,
    env: { ...env, CLAUDE_CODE_MAX_RETRIES: '0' },
    argv: [bin, '-p', 'Say ok.', ...own, ...args],
  });
  try {
    await tmux.ended(session, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
    const pane = await tmux.pane(session);
    if (pane?.exitCode === 0) return { kind: 'answers' };
    return { kind: 'refuses', error: lastLines((await tmux.capture(session, 'history')) ?? '') };
  } catch (error) {
    return { kind: 'refuses', error: error instanceof Error ? error.message : String(error) };
  } finally {
    await tmux.kill(session);
  }
}
