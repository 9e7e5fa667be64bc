import { type TriedHook, tryHook } from '../../compose/hooks/try-hook.ts';
import { readConfig } from '../../config/config.ts';
import type { HookEvent } from '../../core/model/hooks/contexts.ts';
import { withDotEnv } from '../../config/dotenv.ts';
import { catchStopSignals } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';

export interface HooksOptions {
  /** Instead of each of its events. */
  readonly event?: HookEvent;
}

/** What the hook saw and said, on stdout; 1 when it failed, and when the user stops it. That it denies is no failure. */
export async function tryHooks(ref: string, { event }: HooksOptions, terminal: Terminal): Promise<number> {
  const config = readConfig(withDotEnv(terminal.env, terminal.folder));
  const stop = catchStopSignals();
  const tried = await tryHook(config, { ref, event: event ?? null, folder: terminal.folder }, stop);
  for (const one of tried) tell(one, terminal);
  return tried.every(({ isSound }) => isSound) ? 0 : 1;
}

function tell({ name, event, input, output, complaint, ms, verdict }: TriedHook, terminal: Terminal): void {
  terminal.print(`${name}, ${event}`);
  terminal.print(`  saw:    ${input}`);
  terminal.print(`  said:   ${output.trim() === '' ? 'nothing' : output.trim()}`);
  if (complaint.trim() !== '') terminal.print(`  stderr: ${complaint.trim()}`);
  terminal.print(`  ${verdict} (${ms} ms)`);
}
