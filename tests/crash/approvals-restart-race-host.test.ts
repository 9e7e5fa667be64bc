import { describeRestartRace } from './approvals-restart-race.ts';

describeRestartRace('host');
