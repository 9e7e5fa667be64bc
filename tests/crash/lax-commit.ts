// Given to a gateway by `--import`: transactions that do not wait for the disk of Postgres. They say so one by one, behind
// the look at the server's settings, which refuses a server that is set so.
import { Client } from 'pg';

// oxlint-disable-next-line typescript/unbound-method -- called with the client that it is a method of
const query = Client.prototype.query as (...args: readonly unknown[]) => unknown;
Object.defineProperty(Client.prototype, 'query', {
  value: function lax(this: Client, asked: unknown, ...more: readonly unknown[]): unknown {
    const text =
      typeof asked === 'string'
        ? asked.replace('READ COMMITTED;', 'READ COMMITTED; SET LOCAL synchronous_commit = off;')
        : asked;
    return query.call(this, text, ...more);
  },
});
