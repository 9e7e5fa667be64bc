import { describeApprovals } from '../approvals.ts';
import { overClaude } from './program.ts';

overClaude(describeApprovals);
