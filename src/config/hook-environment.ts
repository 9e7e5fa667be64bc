const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ'] as const;

/** What hooks see of this process's environment: nothing that is a secret. */
export function readHookEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** @throws Error that names the variable. */
export function readHooksSocket(): string {
  const socket = process.env['HOOKS_SOCKET'];
  if (socket === undefined || socket === '') throw new Error('HOOKS_SOCKET: must be set');
  return socket;
}
