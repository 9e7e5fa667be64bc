/** What a program of this machine needs to work, and may be shown to an agent. */
const PASSED_ON = [
  'PATH',
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
  'TMUX_TMPDIR',
] as const;

/** The environment of the tmux server, and so of every agent: nothing else of the gateway's is inherited. */
export function readAgentEnvironment(home: string): Readonly<Record<string, string>> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // tmux shows other characters than ASCII only in a UTF-8 locale.
  return { LANG: 'C.UTF-8', ...Object.fromEntries(passed), TERM: 'xterm-256color', HOME: home };
}
