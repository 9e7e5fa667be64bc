import path from 'node:path';
import type { AgentFiles } from './agent-files.ts';

/** The transcript of exactly this conversation; null when it has none yet. Never the newest file. */
export async function findTranscript(
  files: Pick<AgentFiles, 'list' | 'sizeOf'>,
  home: string,
  agentSessionId: string,
): Promise<string | null> {
  const projects = path.join(home, '.claude', 'projects');
  for (const folder of await files.list(projects)) {
    const file = path.join(projects, folder, `${agentSessionId}.jsonl`);
    if ((await files.sizeOf(file)) !== null) return file;
  }
  return null;
}
