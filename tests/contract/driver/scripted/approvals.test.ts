import { describeApprovals } from '../approvals.ts';
import { overScripted } from './program.ts';

overScripted(describeApprovals);
