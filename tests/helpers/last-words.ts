// Says something, and ends by an error that nobody catches.
import { gatherLines } from '../../src/log.ts';

gatherLines(process.stdout).write('the last words\n');
throw new Error('on purpose');
