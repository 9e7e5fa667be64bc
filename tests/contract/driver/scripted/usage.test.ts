import { describeUsage } from '../usage.ts';
import { overScripted } from './program.ts';

overScripted(describeUsage);
