import { describeUsage } from '../usage.ts';
import { overClaude } from './program.ts';

overClaude(describeUsage);
