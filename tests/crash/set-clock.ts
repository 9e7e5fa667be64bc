// Given to a gateway by `--import`: the clock of its machine can be set. At SIGUSR2 it is off by as many milliseconds as
// CLOCK_FILE says; time itself passes as before.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env['CLOCK_FILE'] ?? '';
const RealDate = Date;
const now = Date.now;
let off = 0;

Date.now = () => now() + off;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(Date.now()) : new target(...(args as [number]))),
});
process.on('SIGUSR2', () => {
  off = Number(readFileSync(file, 'utf8'));
  writeFileSync(`${file}.set`, String(off));
});
