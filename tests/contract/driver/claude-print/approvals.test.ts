import { describeApprovals } from '../approvals.ts';
import { overPrint } from './program.ts';

overPrint(describeApprovals);
