// The order in which jest begins suites: those that take long first, so that all workers are busy to the end.
// Jest itself knows durations from its cache alone; in a fresh clone it would begin with the largest files.
import TestSequencer from '@jest/test-sequencer';

/** Longest first. Among suites of one row, and among those that are in none, jest's own order. */
export const ROWS = [
  /unit\/.*(property|supervise|event-feed)|architecture\/layers/,
  /e2e\/(approvals|faults-|main-job)|contract\/(driver\/claude|store-postgres)|integration\/(cli\/|postgres\/(gateway|jobs))/,
  /e2e\/|contract\/driver\/|integration\/(tmux|terminals|http-api|inject-command|http\/bot|hooks\/(sources|reload))\./,
];

// oxlint-disable-next-line import/no-default-export -- jest asks for one
export default class extends TestSequencer {
  sort(suites) {
    return super.sort(suites).toSorted((one, other) => toRow(one.path) - toRow(other.path));
  }
}

function toRow(path) {
  const row = ROWS.findIndex((pattern) => pattern.test(path));
  return row === -1 ? ROWS.length : row;
}
