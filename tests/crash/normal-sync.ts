// Given to a gateway by `--import`: a database that does not wait for the disk at each commit.
import { DatabaseSync } from 'node:sqlite';

// oxlint-disable-next-line typescript/unbound-method -- called with the database that it is a method of
const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function lax(this: DatabaseSync, sql: string): void {
  exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'));
};
