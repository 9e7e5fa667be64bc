import type { ProgramOptions } from '../../program/driver/options.ts';
import type { HookReceiver } from '../hooks/hook-receiver.ts';

export interface ClaudeOptions extends ProgramOptions {
  readonly hooks: HookReceiver;
}
