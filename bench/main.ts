import { writeFile } from 'node:fs/promises';
import { catchStopSignals } from '../src/cli/stop-signal.ts';
import { measureAccepts } from './accepts.ts';
import { parseArguments, USAGE, type Family } from './arguments.ts';
import { measureCrowd } from './crowd.ts';
import { measureDeliveries } from './deliveries/deliveries.ts';
import { measureHooks } from './hooks.ts';
import { measureIdle } from './idle.ts';
import { isInMemory, readMachine, toLine } from './machine.ts';
import { openPlace, type Place } from './place.ts';
import { measureQuick } from './quick.ts';
import { holds, isMissing, toRecord, type Result } from './row.ts';
import { measureHuge, measureStored } from './stored.ts';
import { toTable } from './table.ts';
import { measureTurns } from './turns.ts';

const MEASURES: Readonly<Record<Family, (place: Place) => Promise<readonly Result[]>>> = {
  accepts: measureAccepts,
  turns: measureTurns,
  quick: measureQuick,
  stored: measureStored,
  huge: measureHuge,
  deliveries: measureDeliveries,
  hooks: measureHooks,
  crowd: measureCrowd,
  idle: measureIdle,
};

process.exitCode = await bench(process.argv.slice(2));

async function bench(argv: readonly string[]): Promise<number> {
  const wish = parseArguments(argv);
  if (wish.kind === 'help') return say(process.stdout, USAGE, 0);
  if (wish.kind === 'misuse') return say(process.stderr, `${wish.problem}\n\n${USAGE}`, 2);
  const signal = catchStopSignals();
  try {
    return await run(wish, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return say(process.stderr, 'given up; nothing is left behind', 1);
  }
}

async function run(
  { families, json }: { families: readonly Family[]; json: string | null },
  signal: AbortSignal,
): Promise<number> {
  const startedAt = new Date();
  await using place = await openPlace(signal);
  const machine = readMachine(place.folder);
  if (isInMemory(machine)) return say(process.stderr, 'TMPDIR: lies in memory; name a folder on a disk', 2);
  say(process.stdout, `${toLine(machine)}\n`, 0);
  const results: Result[] = [];
  for (const family of families) {
    say(process.stderr, `measuring ${family} …`, 0);
    results.push(...(await MEASURES[family](place)));
  }
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
  say(process.stdout, `\n${toTable(results)}\n\n${seconds} s`, 0);
  const record = { startedAt, seconds, machine, results: results.map(toRecord) };
  if (json !== null) await writeFile(json, `${JSON.stringify(record, null, 2)}\n`);
  const allHold = results.every((result) => isMissing(result) || result.aims.every((aim) => holds(result, aim)));
  return allHold ? 0 : 1;
}

function say(stream: NodeJS.WriteStream, text: string, code: number): number {
  stream.write(`${text}\n`);
  return code;
}
