import { readFileSync } from 'node:fs';
import os from 'node:os';

/** What the figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** The file system of the folder that is measured, and its device. */
  readonly disk: string;
  readonly kernel: string;
  readonly node: string;
}

export function readMachine(folder: string): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    disk: findDisk(folder),
    kernel: `${os.type()} ${os.release()}`,
    node: process.version,
  };
}

/** Where nothing is ever synced to a disk, durable figures would be of memory. */
export function isInMemory({ disk }: Machine): boolean {
  return disk.startsWith('tmpfs ');
}

export function toLine({ cpu, cores, memoryGb, disk, kernel, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${disk}, ${kernel}, Node ${node}`;
}

/** Of the mounts that hold the folder the longest; Linux only. */
function findDisk(folder: string): string {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const [device, , type] = mounts
      .filter(([, point = '?']) => `${folder}/`.startsWith(point.endsWith('/') ? point : `${point}/`))
      .reduce((best, mount) => ((mount[1]?.length ?? 0) >= (best[1]?.length ?? 0) ? mount : best), ['?', '', '?']);
    return `${type} on ${device}`;
  } catch {
    return 'an unknown disk';
  }
}
