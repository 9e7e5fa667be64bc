import path from 'node:path';

/** What a program of this machine needs to work, and may be shown to an agent. */
export const PASSED_ON = [
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SHELL',
  'USER',
  'LOGNAME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** The environment of the tmux server, and so of every agent: nothing else of the gateway's is inherited. */
export function readAgentEnvironment(home: string): Readonly<Record<string, string>> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // tmux shows other characters than ASCII only in a UTF-8 locale.
  const PATH = withoutOwnPrograms(process.env['PATH'] ?? '');
  const known = Object.fromEntries(passed);
  return { LANG: 'C.UTF-8', ...known, ...withoutProxy(known), PATH, TERM: 'xterm-256color', HOME: home };
}

/** What a person at an agent's terminal edits with. Not in the agents' environment: it would open where nobody sits. */
export function readEditor(): string | null {
  return process.env['VISUAL'] ?? process.env['EDITOR'] ?? null;
}

/** Agents report to the gateway on loopback: that must not go through a proxy. */
function withoutProxy(known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const hosts = [known['NO_PROXY'] ?? known['no_proxy'], '127.0.0.1', 'localhost'].filter(Boolean).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}

/** npm puts the programs of the gateway's own packages first; a `node` or `jest` there is not the agent's. */
function withoutOwnPrograms(searchPath: string): string {
  const isOwn = /[\\/](node_modules[\\/]\.bin|node-gyp-bin)[\\/]?$/;
  return searchPath
    .split(path.delimiter)
    .filter((folder) => !isOwn.test(folder))
    .join(path.delimiter);
}
