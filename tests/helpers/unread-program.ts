// Logs 20 MB, asks to be stopped, and stops.
import { createLog } from '../../src/log.ts';

const log = createLog('info');
for (let line = 0; line < 20_000; line += 1) log.info({ filler: 'x'.repeat(1_000) }, 'a.line');
process.once('SIGTERM', () => process.exit(0));
setInterval(() => {}, 60_000);
process.stderr.write('logged\n');
