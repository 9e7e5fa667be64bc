import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A disk of its own, with a real file system, for root on Linux. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Takes all room that is left, and gives it back. */
  fill(): void;
  makeRoom(): void;
  /** As after an error of the device: nothing more can be written, also to what is open. */
  break(): void;
  /** What was broken is whole again, when nobody uses it. */
  mend(): void;
  /** Only for what nobody has open. */
  remount(how: 'ro' | 'rw'): void;
}

const SIZE_MB = 32;

export function openSmallDisk(): SmallDisk {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-disk-'));
  const place = (name: string): string => path.join(folder, name);
  const image = place('image');
  const disk = place('disk');
  mkdirSync(disk);
  run('truncate', '-s', `${SIZE_MB}M`, image);
  run('mkfs.ext4', '-q', '-m', '0', image);
  const mount = (): void => run('mount', '-o', 'loop,errors=remount-ro', image, disk);
  const unmount = (): void => run('umount', disk);
  mount();
  const filler = path.join(disk, 'filler');
  return {
    path: disk,
    fill: () => fill(filler),
    makeRoom: () => rmSync(filler),
    break: () => writeFileSync(triggerOf(image), '1'),
    mend() {
      unmount();
      run('e2fsck', '-p', image);
      mount();
    },
    remount: (how) => run('mount', '-o', `remount,${how}`, disk),
    [Symbol.dispose]() {
      spawnSync('umount', ['-l', disk]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Null: this machine can have such a disk; otherwise why not. */
export function whyNoSmallDisk(): string | null {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return 'only for root on Linux';
  try {
    using disk = openSmallDisk();
    return existsSync(disk.path) ? null : 'no disk';
  } catch {
    return 'this machine mounts no disk of its own';
  }
}

/** Block by block at its end: none is left. */
function fill(file: string): void {
  const out = openSync(file, 'a');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
      const block = Buffer.alloc(size);
      for (let isFull = false; !isFull;) {
        try {
          writeSync(out, block);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          isFull = true;
        }
      }
    }
  } finally {
    closeSync(out);
  }
}

function triggerOf(image: string): string {
  const { stdout } = spawnSync('losetup', ['-j', image, '-n', '-O', 'NAME'], { encoding: 'utf8' });
  return `/sys/fs/ext4/${path.basename(stdout.trim())}/trigger_fs_error`;
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  // e2fsck says 1 when it has mended something.
  if (status !== 0 && !(program === 'e2fsck' && status === 1))
    throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
