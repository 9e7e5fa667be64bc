// Run by Claude Code as its SessionStart hook, which it does not deliver over http.
// Hands standard input to the gateway: node report-start.ts <port>, the token in the environment.
import { request } from 'node:http';

const outgoing = request({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  method: 'POST',
  path: '/agent-hooks',
  // oxlint-disable-next-line node/no-process-env -- a program of its own: the token is in the agent's environment
  headers: { authorization: `Bearer ${process.env['GATEHOUSE_HOOK_TOKEN'] ?? ''}` },
});
// A gateway that is away learns of the conversation by its next prompt.
outgoing.on('error', () => {});
outgoing.on('response', (response) => response.resume());
process.stdin.pipe(outgoing);
