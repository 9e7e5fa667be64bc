import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/env.ts';

/** What one look found. `note`: worth knowing, and nothing is broken. */
export interface Finding {
  readonly check: string;
  readonly state: 'well' | 'note' | 'fault';
  readonly found: string;
  /** The one thing to do; null when nothing is. */
  readonly remedy: string | null;
}

export interface Patient {
  readonly config: Config;
  readonly env: Environment;
  /** A gateway holds the data folder: its ports are taken by itself. */
  readonly isRunning: boolean;
  readonly machine: Machine;
}

/** What a test cannot break for real. */
export interface Machine {
  readonly nodeVersion: string;
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly freeMemory: () => number;
  readonly now: () => number;
}

export type Look = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];

export const well = (check: string, found: string): Finding => ({ check, state: 'well', found, remedy: null });
export const note = (check: string, found: string, remedy: string): Finding => ({
  check,
  state: 'note',
  found,
  remedy,
});
export const fault = (check: string, found: string, remedy: string): Finding => ({
  check,
  state: 'fault',
  found,
  remedy,
});
