import type { AgentName } from '../../core/model/agent.ts';
import type { Priority, Source } from '../../core/model/request.ts';
import { build, query } from '../sql/query.ts';

export const insertRequest = query<{
  id: string;
  workspace: string;
  session_id: number;
  agent: AgentName;
  source: Source;
  identity: string;
  priority: Priority;
  rank: number;
  prompt: string;
  altered: string | null;
  timeout_ms: number;
  reply_to: string | null;
  created_at: number;
  key: string | null;
  told_position: number | null;
  trace: string | null;
}>()((arg) =>
  build.insertInto('requests').values({
    id: arg('id'),
    workspace: arg('workspace'),
    session_id: arg('session_id'),
    agent: arg('agent'),
    source: arg('source'),
    identity: arg('identity'),
    priority: arg('priority'),
    rank: arg('rank'),
    prompt: arg('prompt'),
    altered: arg('altered'),
    timeout_ms: arg('timeout_ms'),
    reply_to: arg('reply_to'),
    created_at: arg('created_at'),
    key: arg('key'),
    told_position: arg('told_position'),
    trace: arg('trace'),
    state: 'queued',
    epoch: 0,
  }),
);
