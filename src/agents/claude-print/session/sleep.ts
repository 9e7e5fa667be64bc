import type { Hearing, TurnSlot } from '../link/hearing.ts';
import type { Life } from '../../program/ending/life.ts';
import type { PrintSessionParts } from './parts.ts';

export interface SleeperParts extends Pick<PrintSessionParts, 'tmux' | 'name'> {
  readonly slot: TurnSlot;
  readonly hearing: Hearing;
  readonly life: Life;
}

/** Ends the agent when nobody needs it. False, and nothing done: a turn runs, also one that nobody asked for, or work in the
 *  background, or a person is attached; or nobody can tell. */
export async function sleep(parts: SleeperParts): Promise<boolean> {
  const { life } = parts;
  if (!life.isClosing && !(await maySleep(parts))) return false;
  await life.close();
  return true;
}

const IDLE_WITHIN_MS = 2_000;

async function maySleep({ tmux, name, slot, hearing }: SleeperParts): Promise<boolean> {
  const isBusy = (): boolean =>
    slot.turn !== null || !hearing.hasCaughtUp || !hearing.state.isIdle || hearing.state.hasTasks;
  const isTold = hearing.hasCaughtUp && !hearing.state.isEnding;
  if (slot.turn === null && !isTold) await hearing.untilIdle(AbortSignal.timeout(IDLE_WITHIN_MS));
  if (isBusy()) return false;
  const found = (await tmux.survey()).find(({ session }) => session === name);
  return (found?.attached ?? 0) === 0 && !isBusy();
}
