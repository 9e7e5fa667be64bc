import type { AgentFiles } from '../../program/files/agent-files.ts';
import { asEntry, blocksOf, isOfSystem, promptOf, readEntries, type Entry } from './entries.ts';

/** As much of a transcript is looked at, from its end. */
const BYTES_MAX = 8 * 1024 * 1024;

/** Whether the agent is still to be asked something at a time that it set since `since` (epoch milliseconds), the start of
 *  its program, with which such times are forgotten. */
export async function hasSchedule(files: AgentFiles, file: string, since: number): Promise<boolean> {
  const size = (await files.sizeOf(file)) ?? 0;
  const entries = await readEntries(files, { file, offset: Math.max(0, size - BYTES_MAX) });
  return schedulesIn(entries.filter(({ timestamp }) => Date.parse(String(timestamp)) >= since)) > 0;
}

/** How many are left. */
function schedulesIn(entries: readonly Entry[]): number {
  const uses = new Map<unknown, Entry>();
  const left = new Map<string, { readonly prompt: string; readonly recurs: boolean }>();

  function hearResult(useId: unknown, result: Entry): void {
    const use = uses.get(useId) ?? {};
    const input = asEntry(use['input']);
    const prompt = String(input['prompt']);
    if (use['name'] === 'CronCreate' && typeof result['id'] === 'string')
      left.set(result['id'], { prompt, recurs: result['recurring'] === true });
    if (use['name'] === 'CronDelete') left.delete(String(input['id']));
    if (use['name'] === 'ScheduleWakeup' && Number(result['scheduledFor']) > 0)
      left.set('wake-up', { prompt, recurs: false });
  }

  for (const entry of entries) {
    for (const block of blocksOf(entry)) {
      if (block.type === 'tool_use') uses.set(block.id, { ...block });
      if (block.type === 'tool_result') hearResult(block.tool_use_id, asEntry(entry['toolUseResult']));
    }
    const fired = isOfSystem(entry) ? promptOf(entry) : null;
    const once = [...left].find(([, { prompt, recurs }]) => !recurs && prompt === fired);
    if (once !== undefined) left.delete(once[0]);
  }
  return left.size;
}
