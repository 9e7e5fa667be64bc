import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../../core/model/errors.ts';
import { hasCode, toCode } from '../../../lib/error-code.ts';
import { createOneWriter } from '../../../lib/files/one-writer.ts';
import { writeWhole } from '../../../lib/files/write-whole.ts';

/** Prepares the agent's HOME so that no first-run dialog appears: onboarding done, this API key approved,
 *  the workspace trusted (hooks are silently skipped in an untrusted folder). Keeps whatever else is there. */
export async function seedAgentHome(home: string, cwd: string, apiKey: string | null): Promise<void> {
  await mkdir(path.join(home, '.claude'), { recursive: true, mode: 0o700 });
  const file = path.join(home, '.claude.json');
  await writer.run(file, () => seed(file, cwd, apiKey));
}

/** With the very lock under which the agents write this file, too. Every holder writes one small file: a process that was
 *  killed meanwhile must not hold up a start for long. */
const writer = createOneWriter({
  staleMs: 2_000,
  waitMs: 20_000,
  refuse: (file, cause) =>
    new GatewayError(
      'agent_unavailable',
      hasCode(cause, 'ELOCKED')
        ? `${file} has been locked by another program for 20 s: look what holds ${file}.lock`
        : `${file} cannot be written (${toCode(cause)}): AGENT_HOME must belong to the agents’ user`,
      { cause },
    ),
});

async function seed(file: string, cwd: string, apiKey: string | null): Promise<void> {
  const known = await readJson(file);
  const projects = asObject(known['projects']);
  const keys = asObject(known['customApiKeyResponses']);
  const approved = Array.isArray(keys['approved']) ? (keys['approved'] as unknown[]) : [];
  const keyTail = apiKey?.slice(-20);
  const missingKey = keyTail !== undefined && !approved.includes(keyTail);
  const project = asObject(projects[cwd]);
  const isAnswered = known['hasCompletedOnboarding'] === true && known['resumeReturnDismissed'] === true;
  if (isAnswered && project['hasTrustDialogAccepted'] === true && !missingKey) return;
  const seeded = {
    ...known,
    hasCompletedOnboarding: true,
    // Whether an old and long conversation is to be resumed whole.
    resumeReturnDismissed: true,
    customApiKeyResponses: { ...keys, approved: missingKey ? [...approved, keyTail] : approved },
    projects: { ...projects, [cwd]: { ...project, hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  await writeWhole(file, JSON.stringify(seeded, null, 2));
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Cut off by a crash: put aside for a person to see, for without one no agent would start.
    await rename(file, `${file}.unreadable`);
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
