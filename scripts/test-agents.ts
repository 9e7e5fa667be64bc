// `npm run test:agents`: the driver's contract and the faults on every version of Claude Code that the gateway is tested with.
// `npm run test:agents -- 2.1.197` on that one alone, `-- --others` on all but the pinned one, which `npm run test:driver` tries.
// Versions that are not the pinned one are installed on demand.
import { TESTED_VERSIONS } from '../src/agents/program/versions/versions.ts';
import { runAgentSuites } from './agent-suites.ts';
import { installAgent } from './install-agent.ts';

const named = process.argv.slice(2);
const versions = named[0] === '--others' ? TESTED_VERSIONS.slice(0, -1) : named.length > 0 ? named : TESTED_VERSIONS;
let isBroken = false;

for (const version of versions) {
  process.stdout.write(`Claude Code ${version}\n`);
  if (runAgentSuites(installAgent(version)) !== 0) isBroken = true;
}
process.exit(isBroken ? 1 : 0);
