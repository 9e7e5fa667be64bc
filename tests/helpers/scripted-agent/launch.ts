import { parseArgs } from 'node:util';

/** How the agent was called. */
export interface Launch {
  readonly sessionId: string;
  readonly resumed: boolean;
  readonly settings: string | null;
  readonly permissionMode: string;
  readonly script: string | null;
  readonly journal: string | null;
  readonly cwd: string;
  readonly home: string;
}

export function readLaunch(args: readonly string[], cwd: string, home: string): Launch {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      'session-id': { type: 'string' },
      resume: { type: 'string' },
      settings: { type: 'string' },
      'permission-mode': { type: 'string', default: 'default' },
      model: { type: 'string' },
      script: { type: 'string' },
      journal: { type: 'string' },
    },
  });
  const text = (name: string): string | null => (typeof values[name] === 'string' ? values[name] : null);
  const sessionId = text('resume') ?? text('session-id');
  if (sessionId === null) throw new Error('--session-id or --resume is missing');
  return {
    sessionId,
    resumed: text('resume') !== null,
    settings: text('settings'),
    permissionMode: text('permission-mode') ?? 'default',
    script: text('script'),
    journal: text('journal'),
    cwd,
    home,
  };
}
