import { describeEnds } from '../ends.ts';
import { overPrint } from './program.ts';

overPrint(describeEnds);
