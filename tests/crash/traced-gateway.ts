// `serve` under strace, in this very process: what it is started with is the file for the trace, then what node gets.
const [file = '', ...argv] = process.argv.slice(2);
const CALLS = 'write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync';
/** Longer than a page of the database and an answer. */
const STRING_MAX = '8192';

process.execve?.(process.env['STRACE'] ?? '', [
  'strace',
  // The tracer stands beside: this process stays the gateway.
  '-D',
  ...['-f', '-y', '-q', '-s', STRING_MAX, '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', file],
  ...[process.execPath, ...argv],
]);
